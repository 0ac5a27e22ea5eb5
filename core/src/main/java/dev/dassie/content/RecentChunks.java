package dev.dassie.content;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The packs that no segment of the index covers yet. Any thread may look chunks up; one at a time
/// may add.
final class RecentChunks {
  private final Map<Digest, Place> places = new ConcurrentHashMap<>();
  private final List<PackContents> packs = new CopyOnWriteArrayList<>();
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

  List<Digest> chunksOf(PackId pack) {
    return packs.stream()
        .filter(contents -> contents.pack().equals(pack))
        .flatMap(contents -> contents.chunks().stream())
        .map(PackContents.Located::id)
        .toList();
  }

  /// The same without some packs.
  RecentChunks without(Set<PackId> gone) {
    RecentChunks rest = new RecentChunks();
    packs.stream().filter(pack -> !gone.contains(pack.pack())).forEach(rest::add);
    return rest;
  }

  /// A place in a pack that is not among those given; costs as much as there are packs.
  Optional<Place> find(Digest id, Set<PackId> except) {
    Optional<Place> first = find(id);
    if (first.isEmpty() || !except.contains(first.get().pack())) {
      return first;
    }
    return packs.stream()
        .filter(pack -> !except.contains(pack.pack()))
        .flatMap(pack -> pack.chunks().stream())
        .filter(chunk -> chunk.id().equals(id))
        .map(PackContents.Located::place)
        .findFirst();
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
