package dev.dassie.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A set of digests in a mapped temporary file, for more than the heap should hold: open
/// addressing, 32 bytes a place, at most two thirds full. Not thread-safe; closing deletes the
/// file.
public final class DigestSet implements AutoCloseable {
  private static final long FIRST = 1 << 12;
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Path folder;
  private Table table;
  private long count;

  /// One file. The digest of zeros, which no bytes are known to have, stands for an empty place.
  private record Table(Path file, Arena arena, MemorySegment words, long places)
      implements AutoCloseable {
    static Table of(Path folder, long places) {
      try {
        Path file = Files.createTempFile(folder, "digests", ".tmp");
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          MemorySegment words =
              channel.map(FileChannel.MapMode.READ_WRITE, 0, places * Digest.BYTES, arena);
          return new Table(file, arena, words, places);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Digest at(long place) {
      long offset = place * Digest.BYTES;
      return new Digest(
          words.get(WORD, offset),
          words.get(WORD, offset + 8),
          words.get(WORD, offset + 16),
          words.get(WORD, offset + 24));
    }

    /// Where the digest is, or where it would go.
    long place(Digest id) {
      long place = id.word0() & (places - 1);
      for (Digest there = at(place); !there.equals(NONE) && !there.equals(id); there = at(place)) {
        place = (place + 1) & (places - 1);
      }
      return place;
    }

    void set(long place, Digest id) {
      long offset = place * Digest.BYTES;
      words.set(WORD, offset, id.word0());
      words.set(WORD, offset + 8, id.word1());
      words.set(WORD, offset + 16, id.word2());
      words.set(WORD, offset + 24, id.word3());
    }

    @Override
    public void close() {
      arena.close();
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final Digest NONE = new Digest(0, 0, 0, 0);

  /// The folder must exist.
  public DigestSet(Path folder) {
    this.folder = folder;
    this.table = Table.of(folder, FIRST);
  }

  public boolean contains(Digest id) {
    return !table.at(table.place(id)).equals(NONE);
  }

  /// False where it was there.
  public boolean add(Digest id) {
    long place = table.place(id);
    if (!table.at(place).equals(NONE)) {
      return false;
    }
    table.set(place, id);
    count++;
    if (count * 3 > table.places() * 2) {
      grow();
    }
    return true;
  }

  private void grow() {
    Table larger = Table.of(folder, table.places() * 2);
    for (long place = 0; place < table.places(); place++) {
      Digest id = table.at(place);
      if (!id.equals(NONE)) {
        larger.set(larger.place(id), id);
      }
    }
    table.close();
    table = larger;
  }

  @Override
  public void close() {
    table.close();
  }
}
