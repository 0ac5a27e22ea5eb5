package dev.dassie.job.standing;

import java.time.Duration;

/// The pauses before a process that ended is started again: each is twice the last, up to a limit;
/// one that ran long enough begins with the first pause again.
///
/// @param healthy how long a process must have run for that
public record Pace(Duration first, Duration most, Duration healthy) {
  /// From 1 second to 1 minute.
  public static final Pace USUAL =
      new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /// The pause after this many short lives in a row, from 1.
  Duration after(long lives) {
    Duration pause = first;
    for (long i = 1; i < lives && pause.compareTo(most) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(most) > 0 ? most : pause;
  }
}
