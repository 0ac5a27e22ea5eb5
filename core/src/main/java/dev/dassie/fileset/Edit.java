package dev.dassie.fileset;

import java.util.Optional;

/// One change of a fileset.
public sealed interface Edit {
  FilePath path();

  /// Puts a file, replacing one that is there with all its attributes.
  record Put(FilePath path, boolean executable, Body body, FileAttributes attributes)
      implements Edit {
    /// With a content type alone, or without attributes.
    public Put(FilePath path, boolean executable, Body body, Optional<String> contentType) {
      this(path, executable, body, FileAttributes.ofType(contentType));
    }
  }

  /// Puts a whole directory by reference, replacing what is there. Its files come without
  /// attributes; [Describe] gives them theirs.
  record Graft(FilePath path, Entry.Directory directory) implements Edit {}

  /// Removes a file, or a directory with all beneath it; no error where there is nothing.
  record Delete(FilePath path) implements Edit {}

  /// Removes a file, never a directory; no error where there is none.
  record Remove(FilePath path) implements Edit {}

  /// Gives a file that is there other attributes. It MUST be there.
  record Describe(FilePath path, FileAttributes attributes) implements Edit {}

  /// Puts the marker of a directory, or takes it away. A marker is a name for a directory that may
  /// have no files; it is no part of the content hash. Deleting the directory takes it along.
  record Mark(FilePath path, Optional<FileAttributes> attributes) implements Edit {}
}
