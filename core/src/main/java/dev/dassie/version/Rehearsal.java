package dev.dassie.version;

import java.time.Instant;
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

  private static final class Over extends RuntimeException {
    Over() {
      super("a rehearsal is over", null, false, false);
    }
  }
}
