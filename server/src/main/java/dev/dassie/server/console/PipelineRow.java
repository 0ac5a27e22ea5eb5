package dev.dassie.server.console;

import dev.dassie.job.Job;
import dev.dassie.pipeline.Pipeline;
import java.util.List;
import java.util.Optional;

/// A pipeline in a list.
///
/// @param jobs its newest, the newest first
public record PipelineRow(Pipeline pipeline, List<Job> jobs) {
  public PipelineRow {
    jobs = List.copyOf(jobs);
  }

  public Optional<Job> newest() {
    return jobs.stream().findFirst();
  }

  /// `stopped`, or the state of the newest job; empty where it has not run.
  public String state() {
    return pipeline.state() == Pipeline.State.STOPPED
        ? "stopped"
        : newest().map(job -> job.state().word()).orElse("");
  }

  /// Its newest jobs in words, for who cannot see the strip.
  public String strip() {
    long good = jobs.stream().filter(job -> job.state() == Job.State.SUCCESS).count();
    return "Of the newest %d jobs %d succeeded".formatted(jobs.size(), good);
  }
}
