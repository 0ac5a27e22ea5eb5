package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
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

  public record Row(byte[] key, byte[] value) {}

  /// One change of a map.
  public sealed interface Change {
    /// The key, or the first one of a range: what changes are sorted by.
    byte[] key();

    record Put(byte[] key, byte[] value) implements Change {}

    /// No error where the key is not there.
    record Delete(byte[] key) implements Change {}

    /// Deletes the keys of `base` from `key` up to and without `end`; changes with keys in the
    /// range may follow, and stand.
    record DeleteRange(byte[] key, byte[] end) implements Change {}
  }

  /// A row that differs between two maps.
  public record Delta(byte[] key, Optional<byte[]> old, Optional<byte[]> now) {}

  private final ChunkReader reader;

  public PersistentMap(ChunkReader reader) {
    this.reader = reader;
  }

  public Optional<byte[]> get(Root root, byte[] key) {
    return unsupported();
  }

  /// The rows in key order from the first key that is not less than `fromInclusive`. Reads nodes as
  /// it goes.
  public Iterator<Row> scan(Root root, byte[] fromInclusive) {
    return unsupported();
  }

  /// `root` with the changes, which come in key order (else `IllegalArgumentException`), applied.
  /// Memory grows with the nodes that change.
  public Root apply(Root root, Iterator<? extends Change> sorted, ChunkStore.Session session) {
    return unsupported();
  }

  /// The rows that differ, in key order. Costs as much as the difference.
  public Iterator<Delta> diff(Root old, Root now) {
    return unsupported();
  }

  // Goes with the last method that is not built.
  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <T> T unsupported() {
    throw new Fault.Unsupported(reader.getClass().getSimpleName(), Optional.empty()).asException();
  }
}
