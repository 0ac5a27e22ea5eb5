package dev.dassie.version;

import dev.dassie.fileset.Hash;
import java.time.Instant;
import java.util.Optional;

/// What stays of a commit that was deleted while provenance named it, or that was taken out of
/// history (design S9): everything but the files. `commit` is the record as it was. An import
/// leaves one too, of a commit that its archive only names.
public record Stub(Commit commit, String deletedBy, Instant deletedAt) {
  /// Stands for who deleted it where it never was here.
  static final String ELSEWHERE = "";

  /// What became of the commit, as a sentence.
  public String fate() {
    return deletedBy.equals(ELSEWHERE)
        ? "It was not in the archive that was imported here."
        : "`%s` deleted it on %s.".formatted(deletedBy, deletedAt);
  }

  /// The content hash of the files that were deleted; absent if the commit never finished.
  public Optional<Hash> root() {
    return commit.finishedFiles().map(files -> files.hash());
  }
}
