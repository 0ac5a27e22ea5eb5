package dev.dassie.fileset;

/// What a sorted tree holds. The code is the first byte of each of its nodes, so that nodes of
/// different trees never have one digest.
enum NodeKind {
  /// Rows of a [PersistentMap].
  MAP(1),
  /// Entries of one directory.
  DIRECTORY(2);

  /// The first byte of the nodes of recipes, which are no sorted trees.
  static final int RECIPE_CODE = 3;

  private final int code;

  NodeKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /// What one row adds to the sums of the nodes above it.
  Sums measure(byte[] value) {
    return this == MAP ? Sums.ROW : EntryFormat.measure(value);
  }
}
