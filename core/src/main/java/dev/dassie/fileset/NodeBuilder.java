package dev.dassie.fileset;

import java.util.ArrayList;
import java.util.List;

/// The entries of the node that is being built at one level. Not thread-safe.
final class NodeBuilder {
  private final NodeKind kind;
  private final int level;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private int size;

  NodeBuilder(NodeKind kind, int level) {
    this.kind = kind;
    this.level = level;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /// Adds an entry and says whether the node ends with it. Interior nodes have two entries or more,
  /// so that a tree gets narrower with each level even where keys are long.
  boolean add(byte[] key, byte[] value) {
    keys.add(key);
    values.add(value);
    int weight = key.length + value.length + Boundary.OVERHEAD;
    size += weight;
    if (size < Boundary.MIN || (level > 0 && keys.size() < 2)) {
      return false;
    }
    return Boundary.ends(Boundary.hash(level, key), weight, size);
  }

  /// The node, and an empty builder.
  Node take() {
    Node node = new Node(kind, level, keys.toArray(new byte[0][]), values.toArray(new byte[0][]));
    keys.clear();
    values.clear();
    size = 0;
    return node;
  }
}
