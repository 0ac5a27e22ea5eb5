package dev.dassie.version;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A transaction that is run and taken back.
public final class Rehearsal {
  private Rehearsal() {}

  /// What [Versions#change] would answer, or refuse, now, commits downstream included. Nothing of
  /// it is kept; other writers wait meanwhile.
  public static <T> T run(Versions versions, Call call, CommitId set, Function<Change, T> work) {
    Instant now = versions.clock().instant();
    AtomicReference<Optional<T>> answer = new AtomicReference<>(Optional.empty());
    try {
      boolean _ =
          versions
              .metadata()
              .write(writer -> {
                Change change = new Change(writer, call, set, now);
                answer.set(Optional.of(work.apply(change)));
                change.propagate();
                throw new Over();
              });
    } catch (Over _) {
      // As planned: nothing of it is kept.
    }
    return answer.get().orElseThrow();
  }

  /// What a transaction answers, and the commits that it makes, those downstream behind what they
  /// are made from.
  public record Made<T>(T answer, List<Commit> commits) {
    public Made {
      commits = List.copyOf(commits);
    }
  }

  /// The same as [#run], with the commits. Their set is one that never was.
  public static <T> Made<T> commits(Versions versions, Call call, Function<Change, T> work) {
    CommitId set = versions.ids().next();
    Instant now = versions.clock().instant();
    AtomicReference<Optional<Made<T>>> answer = new AtomicReference<>(Optional.empty());
    try {
      boolean _ =
          versions
              .metadata()
              .write(writer -> {
                Change change = new Change(writer, call, set, now);
                T result = work.apply(change);
                change.propagate();
                List<Commit> made =
                    change.snapshot().set(set).stream().map(CommitRow::commit).toList();
                answer.set(Optional.of(new Made<>(result, made)));
                throw new Over();
              });
    } catch (Over _) {
      // As planned: nothing of it is kept.
    }
    return answer.get().orElseThrow();
  }

  private static final class Over extends RuntimeException {
    Over() {
      super("a rehearsal is over", null, false, false);
    }
  }
}
