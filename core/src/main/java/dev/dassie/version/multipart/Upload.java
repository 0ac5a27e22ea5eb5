package dev.dassie.version.multipart;

import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import java.time.Instant;

/// A file that comes in parts and is not complete yet.
///
/// @param id 32 hex digits that nobody can guess
/// @param attributes what the file will have beside what follows from its bytes
/// @param principal who started it
public record Upload(
    String id,
    BranchName branch,
    FilePath path,
    FileAttributes attributes,
    Instant started,
    String principal) {
  /// How a client names it.
  public Name name() {
    return new Name(branch, id);
  }

  /// Where an upload is, and its id, which may be any text: one that nothing has is not found.
  public record Name(BranchName branch, String id) {}
}
