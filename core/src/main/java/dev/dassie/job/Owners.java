package dev.dassie.job;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.fileset.PersistentMap.Root;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/// Which datum wrote which file of an output: a [PersistentMap] whose keys are a path, 0 and an
/// order key. Several rows of one path are several datums that wrote it, in datum order.
/// Thread-safe.
public final class Owners {
  private static final byte[] NOTHING = new byte[0];

  private final PersistentMap map;

  public Owners(ChunkReader reader) {
    this.map = new PersistentMap(reader);
  }

  /// One file of one datum.
  record Owned(FilePath path, byte[] order) {
    static Owned parse(byte[] key) {
      int zero = 0;
      while (key[zero] != 0) {
        zero++;
      }
      return new Owned(
          new FilePath(new String(key, 0, zero, StandardCharsets.UTF_8)),
          Arrays.copyOfRange(key, zero + 1, key.length));
    }
  }

  /// The order keys of the datums that wrote a path, in order, at most `limit`.
  public List<byte[]> of(Root root, FilePath path, int limit) {
    List<byte[]> found = new ArrayList<>();
    Iterator<byte[]> orders = all(root, path);
    while (found.size() < limit && orders.hasNext()) {
      found.add(orders.next());
    }
    return found;
  }

  /// The order keys of all datums that wrote a path, in order.
  Iterator<byte[]> all(Root root, FilePath path) {
    byte[] prefix = (path.value() + "\0").getBytes(StandardCharsets.UTF_8);
    Iterator<PersistentMap.Row> rows = map.scan(root, prefix);
    return new Iterator<>() {
      private Optional<byte[]> next = read();

      private Optional<byte[]> read() {
        return rows.hasNext()
            ? Optional.of(rows.next().key()).filter(key -> startsWith(key, prefix))
            : Optional.empty();
      }

      @Override
      public boolean hasNext() {
        return next.isPresent();
      }

      @Override
      public byte[] next() {
        byte[] key = next.orElseThrow();
        next = read();
        return Arrays.copyOfRange(key, prefix.length, key.length);
      }
    };
  }

  /// The first row whose key begins with `prefix` and is not passed over.
  Optional<Owned> firstOther(Root root, byte[] prefix, Predicate<byte[]> passOver) {
    Iterator<PersistentMap.Row> rows = map.scan(root, prefix);
    while (rows.hasNext()) {
      byte[] key = rows.next().key();
      if (!startsWith(key, prefix)) {
        return Optional.empty();
      }
      if (!passOver.test(key)) {
        return Optional.of(Owned.parse(key));
      }
    }
    return Optional.empty();
  }

  /// Applies changes by key: true puts a row, false deletes it.
  Root apply(Root root, SortedMap<byte[], Boolean> changes, ChunkStore.Session session) {
    return map.apply(root, changes.entrySet().stream().map(Owners::change).iterator(), session);
  }

  private static PersistentMap.Change change(Map.Entry<byte[], Boolean> row) {
    return row.getValue()
        ? new PersistentMap.Change.Put(row.getKey(), NOTHING)
        : new PersistentMap.Change.Delete(row.getKey());
  }

  static byte[] key(FilePath path, byte[] order) {
    byte[] key = DatumStep.join((path.value() + "\0").getBytes(StandardCharsets.UTF_8), order);
    if (key.length > PersistentMap.MAX_KEY) {
      throw new Fault.Conflict(
              "The output path `%s` and the paths of its datum have %d bytes together; expected at most %d."
                  .formatted(path, key.length, PersistentMap.MAX_KEY),
              Optional.empty())
          .asException();
    }
    return key;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
