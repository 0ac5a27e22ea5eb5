package dev.dassie.job;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.time.Duration;

/// Trouble of a store that passes: a disk that is full, a database that does not answer. What was
/// refused for it is worth another try, after pauses that grow. Not thread-safe.
final class Trouble {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration pause = FIRST;

  static boolean passes(RuntimeException e) {
    return e instanceof DassieException refusal
        && (refusal.fault() instanceof Fault.Full
            || refusal.fault() instanceof Fault.Unavailable
            || refusal.fault() instanceof Fault.TimedOut);
  }

  Duration pause() {
    Duration now = pause;
    pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
    return now;
  }
}
