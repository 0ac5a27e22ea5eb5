package dev.dassie.version;

import dev.dassie.metadata.Metadata;

/// A record that is missing or wrong, and what brings it back.
record RecordHole(Consistency.Gap gap, Fix fix) {
  /// What brings a record back.
  sealed interface Fix {}

  /// The record follows from another one.
  record Follows(Metadata.Key key, byte[] value) implements Fix {}

  /// The record may stand among the tree chunks.
  sealed interface Lost extends Fix {}

  record LostProject(String project) implements Lost {}

  record LostRepo(RepoName repo) implements Lost {}

  record LostCommit(CommitName commit) implements Lost {}

  record LostRef(BranchName ref) implements Lost {}

  /// Nothing that is known.
  record None() implements Fix {}

  static RecordHole of(RepoName repo, String message, Fix fix) {
    return new RecordHole(new Consistency.Gap(repo.key(), "", message), fix);
  }

  static RecordHole of(CommitName commit, String message, Fix fix) {
    return new RecordHole(
        new Consistency.Gap(commit.repo().key(), commit.id().value(), message), fix);
  }
}
