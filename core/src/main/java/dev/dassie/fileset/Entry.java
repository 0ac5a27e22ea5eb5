package dev.dassie.fileset;

/// What a path names in a fileset.
public sealed interface Entry {
  FilePath path();

  /// Bytes of the file, or of all files beneath the directory.
  long size();

  Hash hash();

  /// A file.
  record File(FilePath path, boolean executable, Body body) implements Entry {
    @Override
    public long size() {
      return body.size();
    }

    @Override
    public Hash hash() {
      return body.hash();
    }
  }

  /// A directory. `files` counts the files beneath it at any depth.
  record Directory(FilePath path, TreeRoot tree, long files, long size) implements Entry {
    @Override
    public Hash hash() {
      return tree.hash();
    }
  }
}
