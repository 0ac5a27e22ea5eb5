package dev.dassie.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a pipeline is to do: a spec that was read and checked.
///
/// @param parallelism datums that may run at once
/// @param datumTries total tries of a datum, at least 1
/// @param everyJob `reprocessSpec: every_job`: nothing is reused
/// @param concat `output.merge: concat`: datums that write one path have it joined in datum order
/// @param salt part of every datum key; empty unless reprocessing was asked for
/// @param unused fields that are kept for other executors, e.g. `resourceRequests`
public record PipelineSpec(
    String project,
    String name,
    String description,
    Map<String, String> labels,
    Transform transform,
    Input input,
    String outputBranch,
    int parallelism,
    int datumTries,
    Optional<Duration> datumTimeout,
    Optional<Duration> jobTimeout,
    boolean everyJob,
    boolean concat,
    String salt,
    List<String> unused) {
  public PipelineSpec {
    labels = Map.copyOf(labels);
    unused = List.copyOf(unused);
  }
}
