package dev.dassie.content;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One bit for each record of an index that no longer changes: whether something needs the chunk
/// there. An eighth of a byte of heap a chunk. One thread marks; any may look, and sees a mark late
/// at worst.
final class Marks {
  /// A record: a chunk in one of its places.
  record At(int segment, long record) {}

  /// Receives records.
  interface Visitor {
    void at(At at, Digest id, Place place);
  }

  private final List<IndexSegment> segments;
  private final Set<PackId> dead;
  private final long[][] bits;

  /// @param dead packs that are gone; their records do not count
  Marks(List<IndexSegment> segments, Set<PackId> dead) {
    this.segments = segments;
    this.dead = dead;
    this.bits = new long[segments.size()][];
    Arrays.setAll(bits, i -> new long[Math.toIntExact((segments.get(i).count() + 63) >>> 6)]);
  }

  boolean isMarked(At at) {
    return (bits[at.segment()][(int) (at.record() >>> 6)] & 1L << at.record()) != 0;
  }

  void mark(At at) {
    bits[at.segment()][(int) (at.record() >>> 6)] |= 1L << at.record();
  }

  Place place(At at) {
    return segments.get(at.segment()).place(at.record());
  }

  /// The marked record of a chunk, else its first one, else nothing.
  Optional<At> find(Digest id) {
    Optional<At> first = Optional.empty();
    for (int i = 0; i < segments.size(); i++) {
      IndexSegment segment = segments.get(i);
      for (long record = segment.first(id); segment.is(record, id); record++) {
        At at = new At(i, record);
        if (isMarked(at)) {
          return Optional.of(at);
        }
        if (first.isEmpty() && !dead.contains(segment.place(record).pack())) {
          first = Optional.of(at);
        }
      }
    }
    return first;
  }

  /// Whether the chunk is needed in exactly this pack.
  boolean isMarked(Digest id, PackId pack) {
    for (int i = 0; i < segments.size(); i++) {
      IndexSegment segment = segments.get(i);
      for (long record = segment.first(id); segment.is(record, id); record++) {
        if (isMarked(new At(i, record)) && segment.place(record).pack().equals(pack)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether there is a record of the chunk in this pack.
  boolean holds(Digest id, PackId pack) {
    for (IndexSegment segment : segments) {
      for (long record = segment.first(id); segment.is(record, id); record++) {
        if (segment.place(record).pack().equals(pack)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Visits every record, marked or not.
  void each(Visitor visitor) {
    for (int i = 0; i < segments.size(); i++) {
      IndexSegment segment = segments.get(i);
      for (long record = 0; record < segment.count(); record++) {
        Place place = segment.place(record);
        if (!dead.contains(place.pack())) {
          visitor.at(new At(i, record), segment.digest(record), place);
        }
      }
    }
  }
}
