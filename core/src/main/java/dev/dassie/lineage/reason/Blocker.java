package dev.dassie.lineage.reason;

import dev.dassie.content.Digest;
import dev.dassie.job.JobName;
import dev.dassie.version.CommitName;
import java.util.Optional;

/// One thing that keeps something from going on (design D11).
///
/// @param sentence says what it is, and where there is something to do, what
/// @param commit the commit that is waited for
/// @param job the job that is waited for
/// @param key the computation that another job has
public record Blocker(
    Kind kind,
    String sentence,
    Optional<CommitName> commit,
    Optional<JobName> job,
    Optional<Digest> key) {
  /// What can be in the way.
  public enum Kind {
    /// A commit that it is made from is open.
    OPEN_COMMIT,
    /// An older job of the pipeline has not ended.
    OLDER_JOB,
    /// The datums are being listed and compared.
    PLANNING,
    /// Another job runs the same computation.
    SAME_COMPUTATION,
    /// All places for datums are taken.
    WORKERS_FULL,
    /// What runs the code does not answer.
    EXECUTOR,
    /// Its turn within the job has not come.
    TURN,
    /// The pipeline is stopped.
    STOPPED,
    /// An input has no commit.
    NO_DATA,
    /// A trigger has not fired.
    TRIGGER,
    /// A process that stays is not there, or cannot be reached.
    PROCESS;

    /// As scripts read it: `open_commit`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Blocker of(Kind kind, String sentence) {
    return new Blocker(kind, sentence, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Blocker of(Kind kind, String sentence, CommitName commit) {
    return new Blocker(kind, sentence, Optional.of(commit), Optional.empty(), Optional.empty());
  }

  static Blocker of(Kind kind, String sentence, JobName job) {
    return new Blocker(kind, sentence, Optional.empty(), Optional.of(job), Optional.empty());
  }
}
