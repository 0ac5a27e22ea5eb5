package dev.dassie.fileset;

/// Moves over the nodes of one level of a tree, and keeps the nodes above them. Not thread-safe.
final class LevelCursor {
  private final Nodes nodes;

  /// From the root down to the level; `at[i]` is the entry of `path[i]` that leads to `path[i +
  /// 1]`.
  private final Node[] path;

  private final int[] at;

  /// Stands on the first node of the level, which the tree must have.
  LevelCursor(Nodes nodes, Node root, int level) {
    this.nodes = nodes;
    this.path = new Node[root.level() - level + 1];
    this.at = new int[path.length];
    path[0] = root;
    for (int i = 1; i < path.length; i++) {
      path[i] = nodes.child(path[i - 1], 0);
    }
  }

  Node node() {
    return path[path.length - 1];
  }

  /// Goes to the first node whose last key is not less than `key`, else to the last node.
  void seek(byte[] key) {
    boolean same = true;
    for (int i = 0; i < path.length - 1; i++) {
      int index = Math.min(path[i].find(key), path[i].size() - 1);
      if (!same || index != at[i]) {
        at[i] = index;
        path[i + 1] = nodes.child(path[i], index);
        same = false;
      }
    }
  }

  boolean isLast() {
    for (int i = 0; i < path.length - 1; i++) {
      if (at[i] < path[i].size() - 1) {
        return false;
      }
    }
    return true;
  }

  /// Goes to the next node; false where there is none.
  boolean next() {
    int i = path.length - 2;
    while (i >= 0 && at[i] == path[i].size() - 1) {
      i--;
    }
    if (i < 0) {
      return false;
    }
    at[i]++;
    for (; i < path.length - 1; i++) {
      path[i + 1] = nodes.child(path[i], at[i]);
      if (i + 1 < at.length) {
        at[i + 1] = 0;
      }
    }
    return true;
  }
}
