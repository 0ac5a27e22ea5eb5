package dev.dassie.fileset;

/// What lies beneath a node: rows, and for directories the files at any depth and their bytes.
record Sums(long rows, long files, long size) {
  static final Sums NONE = new Sums(0, 0, 0);
  static final Sums ROW = new Sums(1, 0, 0);

  Sums plus(Sums other) {
    return new Sums(
        rows + other.rows, Math.addExact(files, other.files), Math.addExact(size, other.size));
  }
}
