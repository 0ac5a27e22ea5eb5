package dev.dassie.version;

import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Growth;
import dev.dassie.version.trigger.Missing;
import dev.dassie.version.trigger.Tally;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Moves branches that follow others by a trigger (design S10). A transaction that changes the
/// newest finished commit of a branch that is followed leaves a note; before it returns, or where
/// the server ended between, when the next one starts, the new commits are counted one by one and
/// the triggers that they fire move their branches, each in one transaction. The cost is that of
/// the new commits. Thread-safe.
public final class Triggers {
  /// The kind of alarm of a trigger that waits for a time; named by the branch that follows.
  public static final String ALARM = "trigger";

  /// The kind of alarm of new commits that are to be counted; named by the branch that is followed.
  public static final String DUE = "trigger_due";

  /// New commits that are looked at one by one; more count as one change of their number.
  private static final int MAX_STEPS = 1_000;

  /// A branch may move this often under the count before it is left for later.
  private static final int MAX_TRIES = 100;

  private static final System.Logger LOG = System.getLogger("dassie.trigger");

  private final Versions versions;
  private final Growth growth;
  private final ReentrantLock turn = new ReentrantLock();

  /// Branches whose followers are still to be looked at; used under the lock.
  private final Deque<BranchName> due = new ArrayDeque<>();

  Triggers(Versions versions) {
    this.versions = versions;
    this.growth = new Growth(versions.chunks());
  }

  /// What a trigger waits for.
  ///
  /// @param tally what came since it fired
  /// @param missing the conditions that do not hold; one of them is enough unless the trigger wants
  ///   all
  public record Waiting(Trigger trigger, Tally tally, List<Missing> missing) {
    public Waiting {
      missing = List.copyOf(missing);
    }
  }

  /// What a branch waits for that follows another; nothing of one that has no trigger.
  public Optional<Waiting> waiting(BranchName name) {
    return versions
        .ask(snapshot -> snapshot.follower(name))
        .map(follower ->
            new Waiting(
                follower.trigger(),
                follower.tally(),
                follower.tally().missing(follower.trigger(), versions.clock().instant())));
  }

  /// Counts what is new on branches and fires what that fires, on to the followers of followers.
  /// Trouble is logged: the note that is left lets it be done later.
  void settle(Collection<BranchName> watched) {
    if (watched.isEmpty()) {
      return;
    }
    if (turn.isHeldByCurrentThread()) {
      due.addAll(watched);
      return;
    }
    turn.lock();
    try {
      due.addAll(watched);
      while (!due.isEmpty()) {
        count(due.remove());
      }
    } catch (RuntimeException e) {
      due.clear();
      LOG.log(System.Logger.Level.ERROR, "Triggers on " + watched + " are looked at later", e);
    } finally {
      turn.unlock();
    }
  }

  /// Looks again at a branch whose note was left.
  public void settle(Alarms.Alarm alarm) {
    settle(List.of(Tables.branchName(alarm.name())));
  }

  /// Fires a trigger whose time has come.
  public void ring(Alarms.Alarm alarm) {
    BranchName name = Tables.branchName(alarm.name());
    turn.lock();
    try {
      versions.ask(snapshot -> snapshot.follower(name)).ifPresent(old -> settleNow(old.watched()));
      boolean _ =
          versions.change(
              call(name),
              change -> {
                Optional<Follower> now = change.snapshot().follower(name);
                now.ifPresentOrElse(
                    follower -> onTime(change, follower),
                    () -> Alarms.set(change.rows(), ALARM, name.key(), Optional.empty()));
                return true;
              });
      while (!due.isEmpty()) {
        count(due.remove());
      }
    } finally {
      turn.unlock();
    }
  }

  private void settleNow(BranchName watched) {
    due.add(watched);
    while (!due.isEmpty()) {
      count(due.remove());
    }
  }

  private static void onTime(Change change, Follower follower) {
    TriggerWork work = new TriggerWork(change);
    Optional<CommitRow> newest = change.snapshot().finished(follower.watched());
    boolean ticks = follower.trigger().cron().isPresent();
    boolean fires = ticks || follower.tally().fires(follower.trigger(), change.now());
    if (fires && newest.isPresent()) {
      work.fire(follower, newest.get());
      work.write(
          new Follower(
              follower.name(),
              follower.trigger(),
              Optional.of(newest.get().name().id()),
              Tally.firedAt(change.now())));
    } else {
      work.write(follower);
    }
  }

  private static Call call(BranchName name) {
    return new Call(Call.SYSTEM.principal(), "trigger of `%s`".formatted(name));
  }

  /// Brings all followers of a branch up to its newest finished commit.
  private void count(BranchName watched) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      List<BranchName> behind =
          versions.ask(snapshot ->
              snapshot.followers(watched).stream()
                  .filter(name -> look(snapshot, name).isPresent())
                  .toList());
      if (behind.isEmpty()) {
        done(watched);
        return;
      }
      behind.forEach(this::follow);
    }
    LOG.log(System.Logger.Level.WARNING, "{0} moves faster than its triggers follow", watched);
  }

  /// Takes the note away, unless there is something new again.
  private void done(BranchName watched) {
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              Snapshot snapshot = new Snapshot(rows);
              if (snapshot.followers(watched).stream()
                  .noneMatch(name -> look(snapshot, name).isPresent())) {
                Alarms.set(rows, DUE, watched.key(), Optional.empty());
              }
              return true;
            });
  }

  /// What a follower has not counted.
  ///
  /// @param base what stood before the first step
  private record Look(Follower follower, Fileset base, List<Arrival> steps) {}

  /// One commit that came, or several that came as one.
  private record Arrival(CommitRow commit, long commits) {
    Fileset files() {
      return commit.commit().finishedFiles().orElseThrow();
    }
  }

  private static Optional<Look> look(Snapshot snapshot, BranchName name) {
    Optional<Follower> follower = snapshot.follower(name);
    Optional<CommitRow> newest = follower.flatMap(one -> snapshot.finished(one.watched()));
    if (newest.isEmpty() || follower.get().seen().equals(Optional.of(newest.get().name().id()))) {
      return Optional.empty();
    }
    Optional<CommitRow> seen =
        follower.get().seen().flatMap(id -> snapshot.commit(new CommitName(name.repo(), id)));
    boolean lost = follower.get().seen().isPresent() && seen.isEmpty();
    Fileset base = seen.flatMap(row -> row.commit().finishedFiles()).orElse(Filesets.EMPTY);
    List<Arrival> steps =
        lost ? List.of(new Arrival(newest.get(), 0)) : steps(snapshot, seen, newest.get());
    return Optional.of(new Look(follower.get(), base, steps));
  }

  /// The finished commits between, oldest first; one step where they are many, or where the branch
  /// went elsewhere.
  private static List<Arrival> steps(
      Snapshot snapshot, Optional<CommitRow> seen, CommitRow newest) {
    History history = new History(snapshot);
    Optional<CommitRow> common = seen.flatMap(row -> history.common(row, newest));
    long between = newest.depth() - common.map(CommitRow::depth).orElse(0L);
    boolean straight = seen.map(CommitRow::name).equals(common.map(CommitRow::name));
    if (!straight || between > MAX_STEPS) {
      return List.of(new Arrival(newest, Math.max(1, between)));
    }
    List<Arrival> steps = new ArrayList<>();
    Optional<CommitRow> row = Optional.of(newest);
    while (row.isPresent() && !row.map(CommitRow::name).equals(seen.map(CommitRow::name))) {
      if (row.get().commit().finishedFiles().isPresent()) {
        steps.add(new Arrival(row.get(), 1));
      }
      row = history.parent(row.get());
    }
    Collections.reverse(steps);
    return steps;
  }

  /// Counts what a follower has not counted, up to the first commit that fires it.
  private void follow(BranchName name) {
    Optional<Look> found = versions.ask(snapshot -> look(snapshot, name));
    if (found.isEmpty()) {
      return;
    }
    Follower old = found.get().follower();
    Trigger trigger = old.trigger();
    boolean lost = found.get().steps().getFirst().commits() == 0;
    Instant now = versions.clock().instant();
    Tally tally = old.tally();
    Fileset before = found.get().base();
    Optional<CommitRow> last = Optional.empty();
    Optional<CommitRow> fired = Optional.empty();
    for (Arrival step : found.get().steps()) {
      long bytes = trigger.size().isEmpty() || lost ? 0 : growth.between(before, step.files());
      tally = tally.plus(bytes, step.commits());
      before = step.files();
      last = Optional.of(step.commit());
      if (tally.fires(trigger, now)) {
        fired = last;
        break;
      }
    }
    Tally after = fired.isPresent() ? Tally.firedAt(now) : tally;
    Follower next = new Follower(name, trigger, last.map(row -> row.name().id()), after);
    write(old, next, fired);
  }

  /// Writes what was counted, if nobody else has meanwhile. What a commit fires belongs to its
  /// commit set, unless that has a commit in the way.
  private void write(Follower old, Follower next, Optional<CommitRow> fired) {
    Function<Change, Boolean> work =
        change -> {
          boolean same =
              change.snapshot().follower(old.name()).equals(Optional.of(old))
                  && fired.filter(row -> change.snapshot().commit(row.name()).isEmpty()).isEmpty();
          if (same) {
            TriggerWork triggers = new TriggerWork(change);
            fired.ifPresent(row -> triggers.fire(old, row));
            triggers.write(next);
          }
          return same;
        };
    Call call = call(old.name());
    if (fired.isPresent()) {
      CommitId set = fired.get().name().id();
      Instant now = versions.clock().instant();
      try {
        boolean _ = versions.run(call, set, now, Optional.empty(), change -> free(change, work));
        return;
      } catch (Taken _) {
        // Then what it fires gets a set of its own.
      }
    }
    boolean _ = versions.change(call, work);
  }

  /// Does the work, unless a branch that is to follow has a commit of the set already.
  private static boolean free(Change change, Function<Change, Boolean> work) {
    boolean done = work.apply(change);
    if (new Propagation(change).isTaken()) {
      throw new Taken();
    }
    return done;
  }

  private static final class Taken extends RuntimeException {
    Taken() {
      super("the commit set has such a commit", null, false, false);
    }
  }
}
