package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/// A directory that is being changed. Not thread-safe.
final class Frame {
  /// A file of this directory that a step put or deleted, until the place where a directory of its
  /// name would stand has passed.
  private record Touched(byte[] key, boolean put) {
    byte[] directory() {
      byte[] directory = Arrays.copyOf(key, key.length + 1);
      directory[key.length] = '/';
      return directory;
    }
  }

  private final Nodes nodes;
  private final ChunkStore.Session session;
  private final byte[] path;
  private final long clearedAt;
  private final Optional<TreeRoot> base;
  private final byte[] baseValue;
  private final Deque<Touched> touched = new ArrayDeque<>();

  private Optional<Node> baseNode = Optional.empty();
  private Optional<LevelCursor> lookup = Optional.empty();
  private Optional<TreeWriter> writer = Optional.empty();

  /// `path` ends with a slash or is empty. Steps before `clearedAt` are void beneath. `baseValue`
  /// is the entry of what the directory is at first; empty when there is nothing.
  Frame(Nodes nodes, ChunkStore.Session session, byte[] path, long clearedAt, byte[] baseValue) {
    this.nodes = nodes;
    this.session = session;
    this.path = path;
    this.clearedAt = clearedAt;
    this.baseValue = baseValue;
    this.base =
        baseValue.length == 0
            ? Optional.empty()
            : Optional.of(EntryFormat.directory(FilePath.ROOT, baseValue).tree());
  }

  byte[] path() {
    return path;
  }

  long clearedAt() {
    return clearedAt;
  }

  boolean holds(byte[] key) {
    return key.length >= path.length && Arrays.equals(key, 0, path.length, path, 0, path.length);
  }

  /// Puts or deletes a file.
  void file(byte[] name, Step step) {
    pass(name);
    boolean put = step.kind() == Step.Kind.PUT;
    touched.push(new Touched(name, put));
    writer()
        .accept(
            put
                ? new PersistentMap.Change.Put(name, step.value())
                : new PersistentMap.Change.Delete(name));
  }

  /// The entry that the base has under a key; empty when it has none.
  byte[] baseEntry(byte[] key) {
    if (base.isEmpty()) {
      return new byte[0];
    }
    if (lookup.isEmpty()) {
      lookup = Optional.of(new LevelCursor(nodes, baseNode(), 0));
    }
    LevelCursor cursor = lookup.get();
    cursor.seek(key);
    Node leaf = cursor.node();
    int index = leaf.find(key);
    boolean found = index < leaf.size() && Arrays.equals(leaf.keys()[index], key);
    return found ? leaf.values()[index] : new byte[0];
  }

  /// Puts what became of the directory `key` of this one; an empty value when it has no files.
  void directory(byte[] key, byte[] value) {
    pass(key);
    byte[] file = Arrays.copyOf(key, key.length - 1);
    Touched own = touched.peek();
    boolean touchedHere = own != null && Arrays.equals(own.key(), file);
    if (value.length == 0) {
      if (touchedHere) {
        touched.pop();
      }
      writer().accept(new PersistentMap.Change.Delete(key));
      return;
    }
    if (touchedHere ? own.put() : baseEntry(file).length > 0) {
      throw clash(file, value);
    }
    if (touchedHere) {
      touched.pop();
    }
    writer().accept(new PersistentMap.Change.Put(key, value));
  }

  /// The entry of the directory as it is now, all its nodes stored; empty when it has no files.
  byte[] finish() {
    if (writer.isEmpty()) {
      return baseValue;
    }
    Optional<Node> root = finishNode();
    if (root.isEmpty()) {
      return new byte[0];
    }
    if (root.equals(baseNode)) {
      return baseValue;
    }
    byte[] bytes = root.get().encode();
    TreeRoot tree =
        bytes.length <= TreeRoot.MAX_INLINE
            ? new TreeRoot.Inlined(bytes)
            : new TreeRoot.Stored(session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length));
    return EntryFormat.directory(tree, root.get().sums());
  }

  /// The root node of the directory as it is now.
  Optional<Node> finishNode() {
    pass(LevelWriter.END);
    if (writer.isPresent()) {
      return writer.get().finish();
    }
    return base.map(tree -> baseNode()).filter(node -> node.size() > 0);
  }

  private Node baseNode() {
    if (baseNode.isEmpty()) {
      baseNode = base.map(nodes::directory);
    }
    return baseNode.orElseThrow();
  }

  private TreeWriter writer() {
    if (writer.isEmpty()) {
      Optional<Node> before = base.map(tree -> baseNode());
      writer = Optional.of(new TreeWriter(nodes, NodeKind.DIRECTORY, before, session));
    }
    return writer.get();
  }

  /// Settles the files whose directories would stand before `key`: none of them was touched, so
  /// what the base has there stays.
  private void pass(byte[] key) {
    while (!touched.isEmpty() && Arrays.compareUnsigned(touched.peek().directory(), key) < 0) {
      Touched file = touched.pop();
      byte[] directory = file.put() ? baseEntry(file.directory()) : new byte[0];
      if (directory.length > 0) {
        throw clash(file.key(), directory);
      }
    }
  }

  private RuntimeException clash(byte[] name, byte[] directory) {
    FilePath file = new FilePath(text(path) + text(name));
    FilePath beneath = file;
    byte[] value = directory;
    boolean descending = true;
    while (descending) {
      Node node = nodes.directory(EntryFormat.directory(beneath, value).tree());
      while (node.level() > 0) {
        node = nodes.child(node, 0);
      }
      byte[] first = node.keys()[0];
      beneath = beneath.child(EntryFormat.name(first));
      value = node.values()[0];
      descending = EntryFormat.isDirectory(first);
    }
    return new Fault.Conflict(
            "`%s` cannot be both a file and the directory of `%s`.".formatted(file, beneath),
            Optional.of("Delete one of the two in the same change."))
        .asException();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
