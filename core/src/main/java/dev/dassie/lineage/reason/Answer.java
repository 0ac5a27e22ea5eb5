package dev.dassie.lineage.reason;

import dev.dassie.job.JobName;
import dev.dassie.version.Commit;
import java.util.List;
import java.util.Optional;

/// Why something is as it is.
///
/// @param about its address, such as `edges@…`
/// @param state of a job, datum, commit or pipeline, as scripts read it
/// @param sentences the answer, the most telling first
/// @param causes what users did that brought it about, in the same transaction
/// @param comparedWith the run before
/// @param changes what differs from the run before
/// @param blockers what it waits for
/// @param results whose results were used, where datums were skipped
/// @param failures datums that failed, the first of them
public record Answer(
    Subject subject,
    String about,
    String state,
    List<String> sentences,
    List<Commit> causes,
    Optional<JobName> comparedWith,
    List<Difference> changes,
    List<Blocker> blockers,
    List<Reused> results,
    List<Failure> failures) {
  public Answer {
    sentences = List.copyOf(sentences);
    causes = List.copyOf(causes);
    changes = List.copyOf(changes);
    blockers = List.copyOf(blockers);
    results = List.copyOf(results);
    failures = List.copyOf(failures);
  }

  /// What was asked about.
  public enum Subject {
    JOB,
    DATUM,
    COMMIT,
    BRANCH,
    PIPELINE;

    /// As scripts read it: `job`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Results of a job that were used; `datums` of those that were looked at.
  public record Reused(JobName job, long datums) {}

  /// A datum that failed.
  public record Failure(String datum, String reason) {}

  static Answer of(Subject subject, String about, String state, String... sentences) {
    return new Answer(
        subject,
        about,
        state,
        List.of(sentences),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  Answer with(List<String> more, List<Blocker> waits) {
    return new Answer(
        subject, about, state, more, causes, comparedWith, changes, waits, results, failures);
  }

  Answer compared(Optional<JobName> with, List<Difference> differences) {
    return new Answer(
        subject, about, state, sentences, causes, with, differences, blockers, results, failures);
  }

  Answer causedBy(List<Commit> commits) {
    return new Answer(
        subject,
        about,
        state,
        sentences,
        commits,
        comparedWith,
        changes,
        blockers,
        results,
        failures);
  }

  Answer using(List<Reused> reused, List<Failure> failed) {
    return new Answer(
        subject, about, state, sentences, causes, comparedWith, changes, blockers, reused, failed);
  }
}
