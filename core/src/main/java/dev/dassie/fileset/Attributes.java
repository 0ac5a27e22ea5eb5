package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/// Writes and reads the tree of attributes: path → fields (docs/format.md, "Attributes"). It is
/// apart from the tree of content, so that attributes are no part of what a file is. Not
/// thread-safe.
final class Attributes {
  private static final Node NONE = Node.empty(NodeKind.MAP);

  private final ChunkStore.Session session;
  private final Optional<Node> before;
  private final TreeWriter writer;

  Attributes(Nodes nodes, Optional<Digest> root, ChunkStore.Session session) {
    this.session = session;
    this.before = root.map(id -> nodes.read(NodeKind.MAP, id));
    this.writer = new TreeWriter(nodes, NodeKind.MAP, before, session);
  }

  /// Follows a step of the tree of content; steps come in its order.
  void follow(Step step) {
    byte[] key = step.key();
    switch (step.kind()) {
      case PUT, DESCRIBE ->
          writer.accept(
              step.attributes().length > 0
                  ? new PersistentMap.Change.Put(key, step.attributes())
                  : new PersistentMap.Change.Delete(key));
      case DELETE -> writer.accept(new PersistentMap.Change.Delete(key));
      case CLEAR, GRAFT -> writer.accept(new PersistentMap.Change.DeleteRange(key, end(key)));
      case MARK -> writer.accept(new PersistentMap.Change.Put(folder(key), step.attributes()));
      case UNMARK -> writer.accept(new PersistentMap.Change.Delete(folder(key)));
    }
  }

  /// The root after all steps, stored; `root` where nothing changed.
  Optional<Digest> finish(Optional<Digest> root) {
    Optional<Node> after = writer.finish();
    if (after.equals(before)) {
      return root;
    }
    return after.map(node -> {
      byte[] bytes = node.encode();
      return session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
    });
  }

  /// The record under a key: the path of a file, or with a slash behind it of a marker.
  static Optional<byte[]> find(Nodes nodes, Digest root, String key) {
    return nodes.get(nodes.read(NodeKind.MAP, root), key.getBytes(StandardCharsets.UTF_8));
  }

  /// The records that differ.
  static Iterator<PersistentMap.Delta> diff(
      Nodes nodes, Optional<Digest> old, Optional<Digest> now) {
    Function<Optional<Digest>, Node> read =
        root -> root.map(id -> nodes.read(NodeKind.MAP, id)).orElse(NONE);
    return old.equals(now)
        ? Collections.emptyIterator()
        : new RowDiff(nodes, read.apply(old), read.apply(now));
  }

  /// What puts a record where it is.
  static Edit edit(PersistentMap.Row row) {
    FilePath path = EntryFormat.path(row.key());
    FileAttributes attributes = FileAttributes.decode(row.value());
    return EntryFormat.isDirectory(row.key())
        ? new Edit.Mark(path, Optional.of(attributes))
        : new Edit.Describe(path, attributes);
  }

  /// The key of a marker, which in a step has a NUL behind it.
  private static byte[] folder(byte[] key) {
    return Arrays.copyOf(key, key.length - 1);
  }

  /// The first key after all that lie in the directory `key`, which ends with a slash.
  private static byte[] end(byte[] key) {
    if (key.length == 0) {
      return LevelWriter.END;
    }
    byte[] end = Arrays.copyOf(key, key.length);
    end[end.length - 1]++;
    return end;
  }
}
