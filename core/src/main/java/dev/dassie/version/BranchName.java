package dev.dassie.version;

/// A branch, or a tag: they share one namespace per repo. In the provenance of a branch it may also
/// be a pinned commit of the repo: then `branch` is the commit's id. No ref can be made under such
/// a name.
public record BranchName(RepoName repo, String branch) {
  public static final String DEFAULT_BRANCH = "master";

  public BranchName {
    if (!Names.isCommitId(branch)) {
      Names.check("branch", branch);
    }
  }

  /// Whether it names a commit that never moves, by its id.
  public boolean isPinned() {
    return Names.isCommitId(branch);
  }

  /// The stored form: `project/repo/branch`.
  public String key() {
    return repo.key() + "/" + branch;
  }

  @Override
  public String toString() {
    return repo + "@" + branch;
  }
}
