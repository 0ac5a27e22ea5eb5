package dev.dassie.job;

import dev.dassie.content.Digest;

/// Where a datum stands that has no result yet, in a job that runs.
public sealed interface Pending {
  /// Its code is at work.
  record Runs() implements Pending {}

  /// It waits for its turn within the job.
  record Queued() implements Pending {}

  /// All places for datums are taken, also by other jobs.
  record Full(int places) implements Pending {}

  /// Another job runs the same computation.
  record Elsewhere(JobName job, Digest key) implements Pending {}

  /// The job has not come to it.
  record Unseen() implements Pending {}
}
