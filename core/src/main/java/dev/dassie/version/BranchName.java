package dev.dassie.version;

/// A branch, or a tag: they share one namespace per repo.
public record BranchName(RepoName repo, String branch) {
  public static final String DEFAULT_BRANCH = "master";

  public BranchName {
    Names.check("branch", branch);
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
