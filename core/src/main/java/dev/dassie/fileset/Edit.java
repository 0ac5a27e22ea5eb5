package dev.dassie.fileset;

import java.util.Optional;

/// One change of a fileset.
public sealed interface Edit {
  FilePath path();

  /// Puts a file, replacing one that is there. `contentType` goes to the attributes.
  record Put(FilePath path, boolean executable, Body body, Optional<String> contentType)
      implements Edit {}

  /// Puts a whole directory by reference, replacing what is there.
  record Graft(FilePath path, Entry.Directory directory) implements Edit {}

  /// Removes a file, or a directory with all beneath it; no error where there is nothing.
  record Delete(FilePath path) implements Edit {}
}
