package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;

/// An immutable sorted map from bytes to bytes, a prolly tree of chunks (docs/format.md, "Trees"):
/// equal content has one root, whatever the order of the edits, and an edit of k keys among n
/// writes O(k · log n) nodes. Keys are ordered as unsigned bytes, 1 to 16,384 bytes long; values
/// have up to 512 KiB. Arrays that are given or returned must not be changed. Thread-safe; its
/// iterators are not.
public final class PersistentMap {
  /// The longest key in bytes.
  public static final int MAX_KEY = 16 << 10;

  /// The longest value in bytes.
  public static final int MAX_VALUE = 512 << 10;

  /// A version of a map: its root node, absent when it is empty, and the number of rows.
  public record Root(Optional<Digest> node, long count) {
    public static final Root EMPTY = new Root(Optional.empty(), 0);

    public void write(Encoder out) {
      out.optional(node, Encoder::digest).varint(count);
    }

    public static Root read(Decoder in) {
      return new Root(in.optional(Decoder::digest), in.varint());
    }
  }

  /// The map without rows.
  public static final Root EMPTY = Root.EMPTY;

  private static final Node NONE = Node.empty(NodeKind.MAP);

  /// A key and its value.
  public record Row(byte[] key, byte[] value) {}

  /// One change of a map.
  public sealed interface Change {
    /// The key, or the first one of a range: what changes are sorted by.
    byte[] key();

    /// Puts a row, replacing the one with the key.
    record Put(byte[] key, byte[] value) implements Change {}

    /// No error where the key is not there.
    record Delete(byte[] key) implements Change {}

    /// Deletes the keys of `base` from `key` up to and without `end`; changes with keys in the
    /// range may follow, and stand.
    record DeleteRange(byte[] key, byte[] end) implements Change {}
  }

  /// A row that differs between two maps.
  public record Delta(byte[] key, Optional<byte[]> old, Optional<byte[]> now) {}

  private final Nodes nodes;

  public PersistentMap(ChunkReader reader) {
    this.nodes = new Nodes(reader);
  }

  public Optional<byte[]> get(Root root, byte[] key) {
    return node(root).flatMap(node -> nodes.get(node, key));
  }

  /// The rows in key order from the first key that is not less than `fromInclusive`. Reads nodes as
  /// it goes.
  public Iterator<Row> scan(Root root, byte[] fromInclusive) {
    return new Rows(nodes, node(root).orElse(NONE), fromInclusive);
  }

  /// `root` with the changes applied. They come in key order, one of a kind for each key, else
  /// `IllegalArgumentException`. Memory grows with the nodes that change.
  public Root apply(Root root, Iterator<? extends Change> sorted, ChunkStore.Session session) {
    Optional<Node> before = node(root);
    TreeWriter writer = new TreeWriter(new Nodes(session), NodeKind.MAP, before, session);
    Optional<Change> last = Optional.empty();
    while (sorted.hasNext()) {
      Change change = sorted.next();
      check(last, change);
      writer.accept(change);
      last = Optional.of(change);
    }
    Optional<Node> after = writer.finish();
    return after.equals(before) ? root : after.map(node -> store(node, session)).orElse(EMPTY);
  }

  /// The rows that differ, in key order. Costs as much as the difference.
  public Iterator<Delta> diff(Root old, Root now) {
    return old.node().equals(now.node())
        ? Collections.emptyIterator()
        : new RowDiff(nodes, node(old).orElse(NONE), node(now).orElse(NONE));
  }

  private Optional<Node> node(Root root) {
    return root.node().map(id -> nodes.read(NodeKind.MAP, id));
  }

  private static Root store(Node node, ChunkStore.Session session) {
    byte[] bytes = node.encode();
    Digest id = session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
    return new Root(Optional.of(id), node.sums().rows());
  }

  private static void check(Optional<Change> last, Change change) {
    byte[] key = change.key();
    if (last.isPresent()) {
      int order = Arrays.compareUnsigned(last.get().key(), key);
      if (order > 0 || (order == 0 && !(last.get() instanceof Change.DeleteRange))) {
        throw new IllegalArgumentException("changes come in the order of their keys");
      }
    }
    boolean empty = key.length == 0 && !(change instanceof Change.DeleteRange);
    if (empty || key.length > MAX_KEY) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    if (change instanceof Change.Put put && put.value().length > MAX_VALUE) {
      throw new IllegalArgumentException("a value of " + put.value().length + " bytes");
    }
  }
}
