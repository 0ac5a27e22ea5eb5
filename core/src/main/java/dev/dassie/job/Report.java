package dev.dassie.job;

import dev.dassie.content.Digest;

/// Where an executor says what became of datums. Thread-safe.
public interface Report {
  /// The datum is about to run. False: do not, the task is stopped or the lease is lost.
  boolean started(long lease, Digest key);

  /// The datum has ended and its chunks are durable. False: the result was refused, stop the task.
  boolean done(long lease, Digest key, Ending ending);
}
