package dev.dassie.lineage.reproduce;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Chunk;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;

/// Finds where two files begin to differ. Chunks that both begin with are not read. Thread-safe.
final class FirstDifference {
  private static final int BUFFER = 1 << 16;

  private final Filesets filesets;

  FirstDifference(Filesets filesets) {
    this.filesets = filesets;
  }

  /// The offset of the first byte that differs, or where the shorter one ends; nothing where they
  /// are the same, or where one is a reference, whose bytes lie elsewhere.
  Optional<Long> of(Entry.File one, Entry.File other) {
    if (one.body() instanceof Body.Reference || other.body() instanceof Body.Reference) {
      return Optional.empty();
    }
    long from = same(filesets.chunks(one.body()), filesets.chunks(other.body()));
    try (InputStream first = open(one, from);
        InputStream second = open(other, from)) {
      long at = from;
      while (true) {
        int left = first.read();
        int right = second.read();
        if (left != right) {
          return Optional.of(at);
        }
        if (left < 0) {
          return Optional.empty();
        }
        at++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream open(Entry.File file, long from) {
    return new BufferedInputStream(filesets.open(file.body(), from, file.size() - from), BUFFER);
  }

  /// How many bytes the chunks have that both begin with.
  private static long same(Iterator<Chunk> one, Iterator<Chunk> other) {
    long same = 0;
    while (one.hasNext() && other.hasNext()) {
      Chunk first = one.next();
      if (!first.equals(other.next())) {
        return same;
      }
      same = first.offset() + first.size();
    }
    return same;
  }
}
