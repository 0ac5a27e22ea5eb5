package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.version.trigger.Tally;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sets triggers in a transaction, and notes what they wait for.
final class TriggerWork {
  /// Branches that follow each other in a chain; more is refused.
  private static final int MAX_CHAIN = 1_000;

  private final Change change;
  private final Snapshot snapshot;

  TriggerWork(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
  }

  /// Lets a branch, which is made if missing, follow another, or no longer.
  Ref.Branch set(BranchName name, Optional<Trigger> trigger) {
    Optional<Follower> old = snapshot.follower(name);
    if (trigger.isPresent() && old.map(Follower::trigger).equals(trigger)) {
      return snapshot.needBranch(name);
    }
    if (trigger.isEmpty()) {
      Ref.Branch branch = snapshot.needBranch(name);
      if (old.isPresent()) {
        forget(name);
        tell(branch, "none");
      }
      return branch;
    }
    Ref.Branch branch = followable(name);
    check(name, trigger.get());
    forget(name);
    BranchName watched = new BranchName(name.repo(), trigger.get().branch());
    Optional<CommitId> seen = snapshot.finished(watched).map(row -> row.name().id());
    write(new Follower(name, trigger.get(), seen, Tally.NOTHING));
    change.put(Tables.watcher(watched, name.branch()), Tables.NOTHING);
    tell(branch, trigger.get().told());
    return branch;
  }

  private void tell(Ref.Branch branch, String trigger) {
    long _ =
        change.append(
            Event.of(
                    Event.BRANCH_CHANGED, branch.name(), branch.head(), change.call(), change.now())
                .with("trigger", trigger));
  }

  private Ref.Branch followable(BranchName name) {
    Ref.Branch branch =
        change.refs().createBranch(name, Optional.empty(), List.of(), Optional.empty());
    RefWork.refuseDerived(branch);
    snapshot.refuseOwned(name.repo());
    branch
        .head()
        .flatMap(id -> snapshot.commit(new CommitName(name.repo(), id)))
        .filter(row -> row.commit().isOpen())
        .ifPresent(row -> {
          throw new Fault.Conflict(
                  "The branch `%s` has the open commit `%s`.".formatted(name, row.name().id()),
                  Optional.of("Finish it first."))
              .asException();
        });
    return branch;
  }

  /// Refuses to follow a tag, and branches that would follow each other in a circle.
  private void check(BranchName name, Trigger trigger) {
    Names.check("branch", trigger.branch());
    BranchName next = new BranchName(name.repo(), trigger.branch());
    if (snapshot.ref(next).filter(Ref.Tag.class::isInstance).isPresent()) {
      throw new Fault.Conflict(
              "`%s` is a tag, which never moves; expected a branch to follow.".formatted(next),
              Optional.empty())
          .asException();
    }
    for (int steps = 0; steps < MAX_CHAIN; steps++) {
      if (next.equals(name)) {
        throw new Fault.Conflict(
                steps == 0
                    ? "The branch `%s` cannot follow itself.".formatted(name)
                    : "The branch `%s` would follow itself, through `%s`."
                        .formatted(name, trigger.branch()),
                Optional.of("Name another branch behind `--trigger`."))
            .asException();
      }
      Optional<Follower> follower = snapshot.follower(next);
      if (follower.isEmpty()) {
        return;
      }
      next = follower.get().watched();
    }
    throw new Fault.Conflict(
            "More than %,d branches would follow each other.".formatted(MAX_CHAIN),
            Optional.empty())
        .asException();
  }

  /// Writes how far a follower is, and when it must be looked at again.
  void write(Follower follower) {
    change.put(Tables.trigger(follower.name()), follower.encode());
    Trigger trigger = follower.trigger();
    Optional<Instant> at =
        trigger.cron().isPresent()
            ? trigger.cron().flatMap(schedule -> schedule.after(change.now()))
            : follower.tally().opens(trigger).filter(opens -> follower.tally().commits() > 0);
    Alarms.set(
        change.rows(),
        Triggers.ALARM,
        follower.name().key(),
        at.filter(opens -> opens.isAfter(change.now())));
  }

  /// Notes that the newest finished commit of a branch is another, where somebody follows it.
  void moved(BranchName watched) {
    if (snapshot.anyFollower(watched).isPresent()) {
      Alarms.set(change.rows(), Triggers.DUE, watched.key(), Optional.of(change.now()));
      change.watched().add(watched);
    }
  }

  /// A move by hand to all that there is counts as firing.
  void movedByHand(BranchName name, CommitId head) {
    snapshot
        .follower(name)
        .filter(follower ->
            snapshot
                .finished(follower.watched())
                .filter(row -> row.name().id().equals(head))
                .isPresent())
        .ifPresent(follower ->
            write(
                new Follower(
                    name, follower.trigger(), Optional.of(head), Tally.firedAt(change.now()))));
  }

  /// Moves the branch to a finished commit, and all that is computed from it, even where that was
  /// its head.
  void fire(Follower follower, CommitRow commit) {
    Ref.Branch branch = snapshot.needBranch(follower.name());
    if (branch.head().equals(Optional.of(commit.name().id()))) {
      change.moved().put(branch.name(), commit.name().id());
    } else {
      change.refs().setHead(branch, commit);
    }
    long _ =
        change.append(
            Event.of(
                Event.BRANCH_MOVED,
                branch.name(),
                Optional.of(commit.name().id()),
                change.call(),
                change.now()));
  }

  /// Takes the trigger from a branch.
  void forget(BranchName name) {
    snapshot
        .follower(name)
        .ifPresent(old -> {
          change.delete(Tables.trigger(name));
          change.delete(Tables.watcher(old.watched(), name.branch()));
          Alarms.set(change.rows(), Triggers.ALARM, name.key(), Optional.empty());
        });
  }

  /// Refuses to delete a branch that another follows.
  void refuseWhileFollowed(BranchName name) {
    snapshot
        .anyFollower(name)
        .ifPresent(follower -> {
          throw new Fault.Conflict(
                  "The branch `%s` is followed by `%s`.".formatted(name, follower),
                  Optional.of(
                      "Take the trigger away first: `dassie create branch %s --no-trigger`."
                          .formatted(follower)))
              .asException();
        });
  }
}
