package dev.dassie.lineage;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumReader;
import dev.dassie.job.Recipes;
import dev.dassie.job.Results;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.util.Iterator;
import java.util.Optional;

/// Answers where files come from (design L1). Thread-safe; its iterators are not.
public final class Lineage {
  /// The most steps of one answer.
  public static final int MAX_STEPS = 10_000;

  /// The most stages between a file and what is listed.
  public static final int MAX_DEPTH = 1_000;

  /// Files beneath a directory that are followed.
  public static final int MAX_BENEATH = 100;

  private final Versions versions;
  private final Makers makers;

  /// @param recipes says how the code of a job read its inputs
  public Lineage(Versions versions, Results results, Recipes recipes) {
    this.versions = versions;
    this.makers = new Makers(versions, results, new DatumReader(versions, results), recipes);
  }

  /// Where a file or directory of a finished commit comes from: itself first, then, behind each
  /// step, what that was made from, down to files that nobody derived. What was listed once is not
  /// listed again. Computed as it is read; an answer that is too long ends with a [Step.Cut].
  /// `Fault.NotFound` where the commit has no such path.
  public Iterator<Step> why(Commit commit, FilePath path) {
    if (!(commit.state() instanceof Commit.Finished finished)) {
      throw new Fault.Conflict(
              "The commit `%s` is not finished; expected one that is.".formatted(commit.name()),
              Optional.of("Wait for it with `dassie wait commit`."))
          .asException();
    }
    Entry entry =
        new Filesets(versions.chunks())
            .find(finished.files(), path)
            .orElseThrow(() ->
                new Fault.NotFound(
                        "file of `%s`".formatted(commit.name()),
                        path.toString(),
                        Optional.of("`dassie list file` shows what is there."))
                    .asException());
    return new Walk(makers, new Step(0, place(commit, entry), new Step.OfFiles(0)));
  }

  /// As [#why(Commit, FilePath)] of a commit by its name.
  public Iterator<Step> why(CommitName commit, FilePath path) {
    return why(versions.inspect(commit), path);
  }

  static Step.Place place(Commit commit, Entry entry) {
    return new Step.Place(
        commit.name(),
        commit.branch(),
        entry.path(),
        entry instanceof Entry.Directory,
        entry.hash(),
        entry.size());
  }
}
