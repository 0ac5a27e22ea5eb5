package dev.dassie.version;

import java.util.Optional;

/// How commits of one repo descend from each other, merges included. Thread-safe.
public final class Ancestry {
  private final Versions versions;

  public Ancestry(Versions versions) {
    this.versions = versions;
  }

  /// The newest commit that is in the history of both, which may be one of them; none where their
  /// histories have nothing in common. Both are of one repo.
  public Optional<Commit> common(CommitName first, CommitName second) {
    return versions
        .ask(snapshot ->
            new CommonAncestor(snapshot)
                .of(snapshot.needCommit(first), snapshot.needCommit(second)))
        .map(CommitRow::commit);
  }

  /// The commit that a merge brought in beside its parent.
  public Optional<CommitId> merged(CommitName name) {
    return versions.ask(snapshot -> snapshot.commit(name).flatMap(snapshot::merged));
  }

  /// What the commit itself stands for: its files, or those of the nearest finished commit before
  /// it where it failed.
  public Optional<Commit> finished(CommitName name) {
    Commit commit = versions.inspect(name);
    return commit.state() instanceof Commit.Finished
        ? Optional.of(commit)
        : versions.nearestFinished(name);
  }
}
