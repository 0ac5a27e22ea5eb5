package dev.dassie.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One line that the code of a datum wrote.
///
/// @param datum the id of the datum
/// @param number the try, from 1
/// @param line at most 64 KiB of text, without its end
public record LogLine(
    JobName job,
    String datum,
    int number,
    Instant started,
    String line,
    List<DatumView.In> inputs) {
  /// Which lines: of a pipeline, of one of its jobs, of one datum (id or prefix of it), of tries
  /// that began at a time or later, and of those the last `tail` (at most 100,000).
  public record Query(
      String project,
      String pipeline,
      Optional<JobName> job,
      Optional<String> datum,
      Optional<Instant> since,
      Optional<Integer> tail) {}
}
