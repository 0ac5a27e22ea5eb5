package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Puts a commit on a branch that was computed from the branch's head: the head moves only if it is
/// still the one that was looked at. Thread-safe.
public final class Landing {
  /// The head may move this often under the work before it gives up.
  private static final int MAX_TRIES = 20;

  private final Versions versions;

  public Landing(Versions versions) {
    this.versions = versions;
  }

  /// Where a commit goes: a branch as it stood, and the commit that it merges, if one.
  public record Place(BranchName branch, Optional<CommitId> head, Optional<CommitId> merged) {}

  /// Refuses a branch that users may not write to, or whose head is open.
  public void refuseUnwritable(BranchName branch) {
    Targets.Target target =
        versions.ask(snapshot -> Targets.find(snapshot, branch, Optional.empty()));
    if (target instanceof Targets.Open open) {
      throw new Fault.Conflict(
              "The branch `%s` has the open commit `%s`.".formatted(branch, open.name().id()),
              Optional.of("Finish it first."))
          .asException();
    }
  }

  /// Repeats the work while the branch moves under it; `work` answers empty where it had moved.
  public <T> T retrying(BranchName branch, Supplier<Optional<T>> work) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      Optional<T> done = work.get();
      if (done.isPresent()) {
        return done.get();
      }
    }
    throw new Fault.Conflict(
            "The branch `%s` moved %d times while this was done.".formatted(branch, MAX_TRIES),
            Optional.of("Repeat the command."))
        .asException();
  }

  /// Makes a finished commit with these files behind the head that `place` names, publishing the
  /// session that holds them. Empty, with nothing changed, where the branch has moved.
  public <T> Optional<T> land(
      Call call,
      Place place,
      Fileset tree,
      ChunkStore.Session session,
      Reply<T> reply,
      Function<Commit, T> answer) {
    CommitId id = versions.ids().next();
    Instant now = versions.clock().instant();
    Targets.Target target =
        versions.ask(snapshot -> Targets.find(snapshot, place.branch(), Optional.empty()));
    if (!(target instanceof Targets.Fresh fresh) || !fresh.head().equals(place.head())) {
      return Optional.empty();
    }
    Targets.record(fresh, place.branch(), id, call, new Commit.Finished(tree, now))
        .merging(place.merged())
        .write(session);
    session.publish();
    return guarded(() ->
        versions.run(
            call,
            id,
            now,
            Optional.of(reply),
            change -> {
              expect(change, place);
              Commit commit = change.putFinishedAndRecorded(place.branch(), tree);
              place.merged().ifPresent(other -> change.commits().merged(commit.name(), other));
              return answer.apply(commit);
            }));
  }

  /// Runs a transaction if the branch still stands as `place` says.
  public <T> Optional<T> change(
      Call call, Place place, Reply<T> reply, BiFunction<Change, Place, T> work) {
    return guarded(() ->
        versions.change(
            call,
            reply,
            change -> {
              expect(change, place);
              return work.apply(change, place);
            }));
  }

  private static void expect(Change change, Place place) {
    Optional<CommitId> head = change.ref(place.branch()).flatMap(Ref::head);
    if (!head.equals(place.head())) {
      throw new Moved();
    }
  }

  private static <T> Optional<T> guarded(Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (Moved moved) {
      return Optional.empty();
    }
  }

  private static final class Moved extends RuntimeException {
    Moved() {
      super("the branch moved", null, false, false);
    }
  }
}
