package dev.dassie.content;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Decoded blocks that several chunks share, the least recently used going first. Bounded in bytes.
/// Thread-safe.
final class BlockCache {
  /// A decoded block and the chunks of it, by offset and length, whose digest was checked.
  record Decoded(byte[] bytes, Set<Long> verified) {
    Decoded(byte[] bytes) {
      this(bytes, ConcurrentHashMap.newKeySet());
    }
  }

  private record Key(PackId pack, int position) {}

  /// Map entry, key and sets beside the bytes, roughly.
  private static final int OVERHEAD = 512;

  private final long limit;
  private final Map<Key, Decoded> blocks = new LinkedHashMap<>(64, 0.75f, true);
  private long size;

  BlockCache(long limit) {
    this.limit = limit;
  }

  synchronized Optional<Decoded> get(PackId pack, Block block) {
    return Optional.ofNullable(blocks.get(new Key(pack, block.position())));
  }

  synchronized void put(PackId pack, Block block, Decoded decoded) {
    if (blocks.putIfAbsent(new Key(pack, block.position()), decoded) != null) {
      return;
    }
    size += decoded.bytes().length + OVERHEAD;
    Iterator<Decoded> eldest = blocks.values().iterator();
    while (size > limit && eldest.hasNext()) {
      size -= eldest.next().bytes().length + OVERHEAD;
      eldest.remove();
    }
  }

  synchronized void clear() {
    blocks.clear();
    size = 0;
  }

  synchronized long size() {
    return size;
  }
}
