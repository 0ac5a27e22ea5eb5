package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// An immutable part of the chunk index: a memory-mapped file of records sorted by digest. Heap is
/// taken by its table of packs only. Thread-safe.
final class IndexSegment {
  private static final long CRC_STEP = 1L << 30;

  private final Path file;
  private final MemorySegment records;
  private final long count;
  private final PackId[] packs;

  private IndexSegment(Path file, MemorySegment records, long count, PackId[] packs) {
    this.file = file;
    this.records = records;
    this.count = count;
    this.packs = packs;
  }

  /// Opens a segment and checks all of it; anything wrong is `Fault.Corrupt`.
  static IndexSegment open(Path file) throws IOException {
    // Readers may hold the mapping after a merge has dropped the segment: the collector unmaps it.
    MemorySegment all;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
    long size = all.byteSize();
    if (size < SegmentFormat.HEADER + SegmentFormat.TRAILER
        || size % Long.BYTES != 0
        || all.get(SegmentFormat.WORD, 0) != SegmentFormat.MAGIC
        || all.get(SegmentFormat.WORD, 8) != (long) SegmentFormat.VERSION << 32) {
      throw corrupt(file, "a segment of format " + SegmentFormat.VERSION, "something else");
    }
    long count = all.get(SegmentFormat.WORD, size - 16);
    long last = all.get(SegmentFormat.WORD, size - 8);
    long packCount = last >>> 32;
    long table = SegmentFormat.HEADER + count * SegmentFormat.RECORD;
    if (count < 0
        || count > size / SegmentFormat.RECORD
        || table + packCount * SegmentFormat.PACK + SegmentFormat.TRAILER != size) {
      throw corrupt(file, "a size that fits its counts", size + " bytes");
    }
    if (checksum(all.asSlice(0, size - 4)) != (int) last) {
      throw corrupt(file, "the checksum %08x".formatted((int) last), "another");
    }
    PackId[] packs = new PackId[(int) packCount];
    for (int i = 0; i < packs.length; i++) {
      long at = table + (long) i * SegmentFormat.PACK;
      packs[i] =
          SegmentFormat.pack(
              all.get(SegmentFormat.WORD, at),
              all.get(SegmentFormat.WORD, at + 8),
              all.get(SegmentFormat.WORD, at + 16));
    }
    long bytes = count * SegmentFormat.RECORD;
    return new IndexSegment(file, all.asSlice(SegmentFormat.HEADER, bytes), count, packs);
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CRC_STEP) {
      crc.update(bytes.asSlice(at, Math.min(CRC_STEP, bytes.byteSize() - at)).asByteBuffer());
    }
    return (int) crc.getValue();
  }

  private static RuntimeException corrupt(Path file, String expected, String actual) {
    return new Fault.Corrupt("The index segment `" + file + "`", expected, actual).asException();
  }

  Path file() {
    return file;
  }

  long count() {
    return count;
  }

  /// The packs whose chunks are all in this segment.
  List<PackId> packs() {
    return Arrays.asList(packs);
  }

  /// A place of the chunk in a pack that is not dead.
  Optional<Place> find(Digest id, Set<PackId> dead) {
    for (long i = lowerBound(id); i < count && compare(i, id) == 0; i++) {
      Place place = place(i);
      if (dead.isEmpty() || !dead.contains(place.pack())) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  /// The first record of the digest; `count` where there is none.
  long first(Digest id) {
    long record = lowerBound(id);
    return record < count && compare(record, id) == 0 ? record : count;
  }

  boolean is(long record, Digest id) {
    return record < count && compare(record, id) == 0;
  }

  Digest digest(long record) {
    long at = record * SegmentFormat.RECORD;
    return new Digest(word(at), word(at + 8), word(at + 16), word(at + 24));
  }

  Place place(long record) {
    long at = record * SegmentFormat.RECORD + Digest.BYTES;
    long first = word(at);
    return SegmentFormat.place(packs[(int) (first >>> 32)], first, word(at + 8), word(at + 16));
  }

  private long word(long at) {
    return records.get(SegmentFormat.WORD, at);
  }

  private int compare(long record, Digest id) {
    long at = record * SegmentFormat.RECORD;
    int order = Long.compareUnsigned(word(at), id.word0());
    if (order == 0) {
      order = Long.compareUnsigned(word(at + 8), id.word1());
    }
    if (order == 0) {
      order = Long.compareUnsigned(word(at + 16), id.word2());
    }
    return order != 0 ? order : Long.compareUnsigned(word(at + 24), id.word3());
  }

  /// The first record that is not before the digest. Digests are evenly spread, so the search
  /// starts where the record should be and widens in doubling steps: a few pages are touched, and
  /// never more than O(log n) records, whatever the digests.
  private long lowerBound(Digest id) {
    long low = 0;
    long high = count;
    long guess = Math.unsignedMultiplyHigh(id.word0(), count);
    long step = 16;
    if (count > 0 && compare(guess, id) < 0) {
      low = guess + 1;
      while (low + step < high && compare(low + step, id) < 0) {
        low += step + 1;
        step *= 2;
      }
      high = Math.min(high, low + step);
    } else {
      high = Math.min(high, guess);
      while (high - step > low && compare(high - step, id) >= 0) {
        high -= step;
        step *= 2;
      }
      low = Math.max(low, high - step);
    }
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (compare(middle, id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
