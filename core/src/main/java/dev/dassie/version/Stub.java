package dev.dassie.version;

import dev.dassie.fileset.Hash;
import java.time.Instant;
import java.util.Optional;

/// What stays of a commit whose repo was deleted while provenance named it (design S9): everything
/// but the files. `commit` is the record as it was.
public record Stub(Commit commit, String deletedBy, Instant deletedAt) {
  /// The content hash of the files that were deleted; absent if the commit never finished.
  public Optional<Hash> root() {
    return commit.finishedFiles().map(files -> files.hash());
  }
}
