package dev.dassie.version;

import dev.dassie.content.Packs;
import dev.dassie.pipeline.transaction.Transactions;
import dev.dassie.retention.Retention;
import java.util.Optional;

/// The engine of one simulated process.
record Instance(
    Versions versions, Files files, Packs packs, Retention retention, Transactions transactions) {
  private static final int PAGE = 1_000;
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
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      Page<Commit> page =
          versions.commits(repo, commit -> commit.message().equals(message), cursor.get(), PAGE);
      if (!page.items().isEmpty()) {
        return page.items().getFirst().name();
      }
      cursor = page.next();
    }
    return new CommitName(repo, NOTHING);
  }
}
