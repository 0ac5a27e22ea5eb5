package dev.dassie.version;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;

/// One thing that a writer wants done.
sealed interface Operation {
  FilePath path();

  /// An edit that does not ask what was there.
  record Plain(Edit edit) implements Operation {
    @Override
    public FilePath path() {
      return edit.path();
    }
  }

  /// Adds bytes to the end of the file that is there at the time of the commit, if one is.
  record Append(FilePath path, boolean executable, Body body, FileAttributes attributes)
      implements Operation {}
}
