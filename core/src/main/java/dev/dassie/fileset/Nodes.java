package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Reads nodes, and keeps the ones used last, up to about 4 MiB of chunks if nothing else is said.
/// Thread-safe.
final class Nodes {
  private static final long CACHE = 4 << 20;

  private record Cached(Node node, int size) {}

  private final ChunkReader reader;
  private final Map<Digest, Cached> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final long limit;
  private long cached;

  Nodes(ChunkReader reader) {
    this(reader, CACHE);
  }

  /// @param limit bytes of the chunks that are kept
  Nodes(ChunkReader reader, long limit) {
    this.reader = reader;
    this.limit = limit;
  }

  ChunkReader chunks() {
    return reader;
  }

  Node read(NodeKind kind, Digest id) {
    if (kind == NodeKind.DIRECTORY && id.equals(Filesets.EMPTY.content())) {
      return Node.empty(kind);
    }
    synchronized (cache) {
      Cached known = cache.get(id);
      if (known != null && known.node().kind() == kind) {
        return known.node();
      }
    }
    byte[] bytes = reader.read(id);
    Node node = Node.decode(kind, "The node `" + id + "`", bytes);
    keep(id, new Cached(node, bytes.length));
    return node;
  }

  /// The node that an entry of an interior node names.
  Node child(Node parent, int index) {
    Child child = parent.child(index);
    Node node = read(parent.kind(), child.digest());
    if (node.level() != parent.level() - 1) {
      throw new Fault.Corrupt(
              "The node `" + child.digest() + "`",
              "level " + (parent.level() - 1),
              "level " + node.level())
          .asException();
    }
    return node;
  }

  /// The value of a row beneath `root`.
  Optional<byte[]> get(Node root, byte[] key) {
    Node node = root;
    int index = node.find(key);
    while (node.level() > 0 && index < node.size()) {
      node = child(node, index);
      index = node.find(key);
    }
    return index < node.size() && Arrays.equals(node.keys()[index], key)
        ? Optional.of(node.values()[index])
        : Optional.empty();
  }

  Node directory(TreeRoot root) {
    return switch (root) {
      case TreeRoot.Stored stored -> read(NodeKind.DIRECTORY, stored.digest());
      case TreeRoot.Inlined inlined ->
          Node.decode(NodeKind.DIRECTORY, "A directory node", inlined.node());
    };
  }

  private void keep(Digest id, Cached entry) {
    synchronized (cache) {
      Cached before = cache.put(id, entry);
      cached += entry.size() - (before == null ? 0 : before.size());
      Iterator<Cached> oldest = cache.values().iterator();
      while (cached > limit && oldest.hasNext()) {
        cached -= oldest.next().size();
        oldest.remove();
      }
    }
  }
}
