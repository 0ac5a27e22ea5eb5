package dev.dassie.content;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where every published chunk is. Thread-safe.
final class ChunkIndex {
  private final Map<Digest, Place> recent = new ConcurrentHashMap<>();

  Optional<Place> find(Digest id) {
    return Optional.ofNullable(recent.get(id));
  }

  void add(PackContents pack) {
    for (PackContents.Located chunk : pack.chunks()) {
      recent.putIfAbsent(chunk.id(), chunk.place());
    }
  }
}
