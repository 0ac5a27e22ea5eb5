package dev.dassie.job.worker;

import java.time.Duration;

/// What holds between the server and its workers. Workers are told when they join.
///
/// @param lease how long a worker may be silent: then its leases end
/// @param beat how often it says that it is there
/// @param patience how long a request for work waits for some
/// @param workers that there may be at once
/// @param slots of one worker
public record Terms(Duration lease, Duration beat, Duration patience, int workers, int slots) {
  /// Datums that one lease may have; [dev.dassie.job] makes no larger sets than that.
  public static final int DATUMS = 2_048;

  /// Workers that were lost while one datum ran, after which it has failed.
  public static final int LOSSES = 3;

  public static final Terms USUAL =
      new Terms(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(20), 1_000, 256);
}
