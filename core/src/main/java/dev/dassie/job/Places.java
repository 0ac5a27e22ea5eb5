package dev.dassie.job;

import dev.dassie.content.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where datums stand in datum maps, as far as it was seen lately: a map has its datums in their
/// order, not by their ids. A map never changes, so what is remembered of it stays true.
/// Thread-safe.
final class Places {
  private static final int MOST = 4_096;

  private record Spot(Digest map, String datum) {}

  private final Map<Spot, byte[]> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Spot, byte[]> eldest) {
          return size() > MOST;
        }
      };

  synchronized void saw(Digest map, String datum, byte[] order) {
    seen.put(new Spot(map, datum), order);
  }

  /// The order key of a datum, by its whole id.
  synchronized Optional<byte[]> find(Digest map, String datum) {
    return Optional.ofNullable(seen.get(new Spot(map, datum)));
  }
}
