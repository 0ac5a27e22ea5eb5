package dev.dassie.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The packs that no segment of the index covers yet. Any thread may look chunks up; one at a time
/// may add.
final class RecentChunks {
  private final Map<Digest, Place> places = new ConcurrentHashMap<>();
  private final List<PackContents> packs = new ArrayList<>();
  private long chunks;

  Optional<Place> find(Digest id) {
    return Optional.ofNullable(places.get(id));
  }

  void add(PackContents pack) {
    packs.add(pack);
    chunks += pack.chunks().size();
    for (PackContents.Located chunk : pack.chunks()) {
      places.putIfAbsent(chunk.id(), chunk.place());
    }
  }

  long chunks() {
    return chunks;
  }

  int packs() {
    return packs.size();
  }

  List<PackId> packIds() {
    return packs.stream().map(PackContents::pack).toList();
  }

  /// All chunks by digest; one that lies in two packs comes twice.
  List<PackContents.Located> sorted(Set<PackId> dead) {
    return packs.stream()
        .filter(pack -> !dead.contains(pack.pack()))
        .flatMap(pack -> pack.chunks().stream())
        .sorted(Comparator.comparing(PackContents.Located::id))
        .toList();
  }
}
