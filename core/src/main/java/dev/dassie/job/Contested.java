package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The owner map of an output in the making: changes gather in memory and are applied in groups;
/// questions see both. Not thread-safe.
final class Contested {
  private final ChunkStore.Session session;
  private final Owners owners;
  private final int limit;
  private final NavigableMap<byte[], Boolean> pending = new TreeMap<>(Arrays::compareUnsigned);
  private PersistentMap.Root root;

  Contested(ChunkStore.Session session, PersistentMap.Root root, int limit) {
    this.session = session;
    this.owners = new Owners(session);
    this.root = root;
    this.limit = limit;
  }

  void add(FilePath path, byte[] order) {
    change(path, order, true);
  }

  void remove(FilePath path, byte[] order) {
    change(path, order, false);
  }

  /// Another datum that wrote `path` (no matter, where `shared`), a file beneath it or one at a
  /// folder above it.
  Optional<Composer.Collision> claim(FilePath path, byte[] order, boolean shared) {
    Optional<Owners.Owned> other = shared ? Optional.empty() : first(path.value() + "\0", order);
    if (other.isEmpty()) {
      other = first(path.value() + "/", order);
    }
    for (FilePath above = path; other.isEmpty() && !above.parent().isRoot(); ) {
      above = above.parent();
      other = first(above.value() + "\0", order);
    }
    return other.map(found -> {
      boolean before = Arrays.compareUnsigned(found.order(), order) < 0;
      return before
          ? new Composer.Collision(found.path(), path, found.order(), order)
          : new Composer.Collision(path, found.path(), order, found.order());
    });
  }

  /// The first row under a prefix that is not of the datum `order`.
  private Optional<Owners.Owned> first(String prefix, byte[] order) {
    byte[] from = prefix.getBytes(StandardCharsets.UTF_8);
    for (var row : pending.subMap(from, true, DatumStep.after(from), false).entrySet()) {
      Owners.Owned owned = Owners.Owned.parse(row.getKey());
      if (row.getValue() && !Arrays.equals(owned.order(), order)) {
        return Optional.of(owned);
      }
    }
    return root.count() == 0
        ? Optional.empty()
        : owners.firstOther(
            root, from, key -> gone(key) || Arrays.equals(Owners.Owned.parse(key).order(), order));
  }

  private boolean gone(byte[] key) {
    return Boolean.FALSE.equals(pending.get(key));
  }

  PersistentMap.Root finish() {
    flush();
    return root;
  }

  private void change(FilePath path, byte[] order, boolean there) {
    pending.put(Owners.key(path, order), there);
    if (pending.size() >= limit) {
      flush();
    }
  }

  private void flush() {
    if (!pending.isEmpty()) {
      root = owners.apply(root, pending, session);
      pending.clear();
    }
  }
}
