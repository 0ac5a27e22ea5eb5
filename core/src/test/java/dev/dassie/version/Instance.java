package dev.dassie.version;

import dev.dassie.content.Packs;

/// The engine of one simulated process.
record Instance(Versions versions, Files files, Packs packs) {
  private static final CommitId NOTHING = new CommitId("0".repeat(32));

  /// The commit of a name of the [Picture]: `repo/message`; an id that nothing has where there is
  /// none.
  CommitName find(String label) {
    int slash = label.indexOf('/');
    RepoName repo = World.repo(label.substring(0, slash));
    if (versions.findRepo(repo).isEmpty()) {
      return new CommitName(repo, NOTHING);
    }
    String message = label.substring(slash + 1);
    return versions
        .commits(repo, commit -> commit.message().equals(message), "", 1)
        .items()
        .stream()
        .map(Commit::name)
        .findFirst()
        .orElse(new CommitName(repo, NOTHING));
  }
}
