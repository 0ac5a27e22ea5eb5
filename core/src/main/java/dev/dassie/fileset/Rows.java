package dev.dassie.fileset;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The rows of a tree in key order, read node by node. Not thread-safe.
final class Rows implements Iterator<PersistentMap.Row> {
  private final LevelCursor cursor;
  private int at;

  /// From the first key that is not less than `from`.
  Rows(Nodes nodes, Node root, byte[] from) {
    this.cursor = new LevelCursor(nodes, root, 0);
    cursor.seek(from);
    this.at = cursor.node().find(from);
  }

  /// The smallest key after `key`.
  static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  @Override
  public boolean hasNext() {
    if (at == cursor.node().size() && cursor.next()) {
      at = 0;
    }
    return at < cursor.node().size();
  }

  @Override
  public PersistentMap.Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Node node = cursor.node();
    PersistentMap.Row row = new PersistentMap.Row(node.keys()[at], node.values()[at]);
    at++;
    return row;
  }
}
