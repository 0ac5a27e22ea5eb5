package dev.dassie.job;

import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One datum of a job, for people.
///
/// @param id 64 hex digits, stable while the datum reads the same paths
/// @param key 64 hex digits that name its computation
/// @param tries every try of the run that made the result; none while there is no result
/// @param madeBy the job that ran it: another one where the result is reused; none where it was
///   tried out beside all jobs
/// @param sandbox how that run was kept apart, empty while there is no result
/// @param reason why it failed or recovered, else empty
public record DatumView(
    JobName job,
    String id,
    String key,
    State state,
    List<In> inputs,
    List<Ending.Try> tries,
    Optional<JobName> madeBy,
    String sandbox,
    String reason) {
  public DatumView {
    inputs = List.copyOf(inputs);
    tries = List.copyOf(tries);
  }

  /// What became of a datum.
  public enum State {
    /// No result yet, or none any more to come where the job has ended.
    WAITING,
    SUCCESS,
    SKIPPED,
    FAILED,
    RECOVERED;

    /// As scripts read it: `skipped`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// One input: the file or directory, and where it was read.
  ///
  /// @param bucket whether the code read it through S3, where that is known
  public record In(
      String name,
      FilePath path,
      boolean directory,
      Hash hash,
      BranchName branch,
      Optional<CommitName> commit,
      boolean bucket) {
    /// An input that was files.
    public In(
        String name,
        FilePath path,
        boolean directory,
        Hash hash,
        BranchName branch,
        Optional<CommitName> commit) {
      this(name, path, directory, hash, branch, commit, false);
    }

    /// The same, read through S3.
    public In asBucket() {
      return new In(name, path, directory, hash, branch, commit, true);
    }
  }

  /// The exit code of the last try.
  public Optional<Integer> exitCode() {
    return tries.isEmpty() ? Optional.empty() : Optional.of(tries.getLast().exitCode());
  }

  /// When the first try began.
  public Optional<Instant> started() {
    return tries.isEmpty() ? Optional.empty() : Optional.of(tries.getFirst().started());
  }

  /// How long all tries took together.
  public Optional<Long> wallMicros() {
    return tries.isEmpty()
        ? Optional.empty()
        : Optional.of(tries.stream().mapToLong(Ending.Try::wallMicros).sum());
  }
}
