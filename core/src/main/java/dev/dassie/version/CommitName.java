package dev.dassie.version;

/// One commit of one repo.
public record CommitName(RepoName repo, CommitId id) {
  /// The stored form: `project/repo/id`.
  public String key() {
    return repo.key() + "/" + id.value();
  }

  @Override
  public String toString() {
    return repo + "@" + id;
  }
}
