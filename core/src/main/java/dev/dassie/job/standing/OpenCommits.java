package dev.dassie.job.standing;

import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.Optional;

/// What a process that ended has left open on its branch. Thread-safe.
final class OpenCommits {
  private static final System.Logger LOG = System.getLogger("dassie.job");

  private final Versions versions;
  private final BranchName output;

  OpenCommits(Versions versions, BranchName output) {
    this.versions = versions;
    this.output = output;
  }

  /// Fails the commit, if there is one, so that the next process finds the branch free.
  void fail(String reason) {
    Optional<Commit> open =
        versions
            .findRef(output)
            .flatMap(Ref::head)
            .flatMap(id -> versions.find(new CommitName(output.repo(), id)))
            .filter(OpenCommits::isProduced);
    if (open.isPresent()) {
      boolean _ =
          versions.change(
              Call.SYSTEM,
              change -> {
                change
                    .commit(open.get().name())
                    .filter(Commit::isOpen)
                    .ifPresent(commit -> change.fail(commit.name(), reason));
                return true;
              });
    }
  }

  /// The same, where the next start will do it if it cannot be done.
  void failQuietly(String reason) {
    try {
      fail(reason);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "An open commit of " + output + " stays", e);
    }
  }

  /// Whether a process writes it, rather than a job.
  private static boolean isProduced(Commit commit) {
    return commit.isOpen()
        && !commit.provenance().isEmpty()
        && commit.provenance().stream()
            .allMatch(source -> source.commit().repo().type() == RepoName.Type.SPEC);
  }
}
