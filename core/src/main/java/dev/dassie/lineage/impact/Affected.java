package dev.dassie.lineage.impact;

import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.job.JobName;
import dev.dassie.version.CommitName;
import java.util.Optional;

/// One thing downstream of what was asked for. `depth` is 1 for what was made from it directly.
public sealed interface Affected {
  int depth();

  /// A file that was made, directly or not, from what was asked for.
  ///
  /// @param job that made it
  /// @param datum that wrote it; absent where all of the job counts, because its code is what was
  ///   asked for
  /// @param from the file that the datum read
  record File(
      int depth,
      CommitName commit,
      String branch,
      FilePath path,
      Hash hash,
      long size,
      JobName job,
      Optional<String> datum,
      Source from)
      implements Affected {}

  /// A commit that was made from the commit asked for.
  ///
  /// @param state `open`, `finished` or `failed`
  /// @param files of it, 0 unless it finished
  record OfCommit(
      int depth,
      CommitName commit,
      String branch,
      String state,
      long files,
      long size,
      CommitName from)
      implements Affected {}

  /// The answer ends, or lacks something, for the reason in the sentence.
  record Cut(int depth, String sentence) implements Affected {}

  /// A file of a commit.
  record Source(CommitName commit, FilePath path) {}
}
