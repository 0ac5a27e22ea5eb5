package dev.dassie.lineage.impact;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Recipes;
import dev.dassie.job.Results;
import dev.dassie.version.Commit;
import dev.dassie.version.Versions;
import java.util.Optional;

/// Answers what was made from a file or a commit, and from that, and so on (design L2).
/// Thread-safe; what it answers is not.
public final class Impacts {
  /// The most that one answer lists.
  public static final int MAX_LISTED = 100_000;

  private final Versions versions;
  private final Results results;
  private final Recipes recipes;

  public Impacts(Versions versions, Results results, Recipes recipes) {
    this.versions = versions;
    this.results = results;
    this.recipes = recipes;
  }

  /// The commits downstream of a commit, nearest first.
  public Downstream commits(Commit commit) {
    return new CommitsDownstream(versions, commit.name());
  }

  /// The files that were made from a file, or from those beneath a directory, of a finished commit,
  /// nearest first; each once. With `later` also from the commits after it as long as they have the
  /// same file. `Fault.NotFound` where the commit has no such path.
  public Downstream files(Commit commit, FilePath path, boolean later) {
    Fileset files =
        commit
            .finishedFiles()
            .orElseThrow(() ->
                new Fault.Conflict(
                        "The commit `%s` is not finished; expected one that is."
                            .formatted(commit.name()),
                        Optional.of("Wait for it with `dassie wait commit`."))
                    .asException());
    Filesets filesets = new Filesets(versions.chunks());
    Optional<Entry> entry = filesets.find(files, path);
    if (entry.isEmpty()) {
      throw new Fault.NotFound(
              "file of `%s`".formatted(commit.name()),
              path.toString(),
              Optional.of("`dassie list file` shows what is there."))
          .asException();
    }
    return new FilesDownstream(
        versions,
        results,
        recipes,
        new DatumReader(versions, results),
        commit,
        filesets.walk(files, path, Optional.empty()),
        later);
  }
}
