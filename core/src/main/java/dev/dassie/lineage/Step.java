package dev.dassie.lineage;

import dev.dassie.content.Digest;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.job.DatumView;
import dev.dassie.job.Ending;
import dev.dassie.job.JobName;
import dev.dassie.job.RunContext;
import dev.dassie.version.CommitName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One step of the answer to why a file is there: the file, and what made it. `depth` is 0 for the
/// file that was asked for, and one more for what it was made from.
public record Step(int depth, Place file, Made made) {
  /// A file or directory of one commit.
  public record Place(
      CommitName commit, String branch, FilePath path, boolean directory, Hash hash, long size) {}

  /// What made a file.
  public sealed interface Made {}

  /// A datum wrote it.
  ///
  /// @param job the job whose output it is
  /// @param datum the id of the datum
  /// @param key names its computation
  /// @param reusedFrom the job that ran it, where that is another one
  /// @param context code, parameters, environment and sandbox of the run
  /// @param tries of the run
  public record ByDatum(
      JobName job,
      String datum,
      Digest key,
      Optional<JobName> reusedFrom,
      RunContext context,
      Code code,
      List<DatumView.In> inputs,
      List<Ending.Try> tries)
      implements Made {
    public ByDatum {
      inputs = List.copyOf(inputs);
      tries = List.copyOf(tries);
    }
  }

  /// The code of a run.
  ///
  /// @param spec the commit of the pipeline's spec repo
  /// @param path where the source stands in it, if code came with the spec
  /// @param facts what is known of the source's git, as the JSON text that was stored with it
  public record Code(
      CommitName spec,
      Optional<FilePath> path,
      Optional<String> facts,
      String author,
      Optional<Instant> created) {}

  /// Somebody put it. `commit` is the first with this content.
  public record ByPut(CommitName commit, String author, String message, Instant at)
      implements Made {}

  /// A directory: what made its files follows.
  public record OfFiles(long files) implements Made {}

  /// The answer ends here, for the reason in the sentence.
  public record Cut(String sentence) implements Made {}
}
