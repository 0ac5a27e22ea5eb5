package dev.dassie.retention;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;

/// Counts the commits that have the same at a path as the one for which damage was told: a check
/// walks what they share once. Looks at the newest commits of the repo alone, and gives up after
/// many lookups in one check, each as deep as its path. Used by one thread.
final class Sharing {
  /// Commits of a repo that are looked at.
  static final int NEWEST = 100;

  private static final int MOST_LOOKUPS = 20_000;

  private final Versions versions;
  private final Filesets filesets;
  private Optional<RepoName> repo = Optional.empty();
  private List<Commit> newest = List.of();
  private int lookups;

  Sharing(Versions versions) {
    this.versions = versions;
    this.filesets = new Filesets(versions.chunks());
  }

  /// How many others of the newest have it too.
  int others(Commit commit, FilePath path) {
    if (lookups >= MOST_LOOKUPS) {
      return 0;
    }
    CommitName name = commit.name();
    if (!repo.equals(Optional.of(name.repo()))) {
      repo = Optional.of(name.repo());
      newest = newest(name.repo());
    }
    Optional<Fileset> damaged = commit.finishedFiles();
    int count = 0;
    for (Commit other : newest) {
      boolean same =
          !other.name().equals(name)
              && damaged.isPresent()
              && same(damaged.get(), other.finishedFiles().orElseThrow(), path);
      count += same ? 1 : 0;
    }
    return count;
  }

  /// None where the repo was deleted while the check went on.
  private List<Commit> newest(RepoName name) {
    try {
      return versions.commits(name, one -> one.finishedFiles().isPresent(), "", NEWEST).items();
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return List.of();
      }
      throw e;
    }
  }

  /// Where a directory above the path cannot be read either, only equal trees are known to be the
  /// same.
  private boolean same(Fileset one, Fileset other, FilePath path) {
    if (one.content().equals(other.content()) || path.isRoot()) {
      return one.content().equals(other.content());
    }
    lookups++;
    try {
      return filesets.find(one, path).equals(filesets.find(other, path));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt) {
        return false;
      }
      throw e;
    }
  }
}
