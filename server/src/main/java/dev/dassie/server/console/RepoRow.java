package dev.dassie.server.console;

import dev.dassie.fileset.Fileset;
import dev.dassie.version.Commit;
import dev.dassie.version.Repo;
import java.util.List;
import java.util.Optional;

/// A repo in the list.
///
/// @param link to its files, or where it has none to the repo
/// @param branches the first of them
/// @param head the newest finished commit of its first branch
public record RepoRow(
    Repo repo, String link, List<String> branches, boolean more, Optional<Commit> head) {
  public RepoRow {
    branches = List.copyOf(branches);
  }

  public Optional<Fileset> files() {
    return head.flatMap(Commit::finishedFiles);
  }
}
