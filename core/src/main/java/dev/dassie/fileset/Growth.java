package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/// Counts what a change wrote: of a file that is new or rewritten all bytes, of one that was
/// appended to what was appended, of one that is gone nothing. Costs as much as the difference: of
/// each file that grew the list of its chunks and at most a few chunks are read. Thread-safe.
public final class Growth {
  /// An append leaves all chunks but the last as they are, and cuts that anew.
  private static final long MAX_RECUT = 4L << 20;

  private final Filesets filesets;

  public Growth(ChunkReader chunks) {
    this.filesets = new Filesets(chunks);
  }

  /// The bytes that `now` has and `old` had not.
  public long between(Fileset old, Fileset now) {
    long bytes = 0;
    Iterator<Difference> changes = filesets.diff(old, now, FilePath.ROOT);
    while (changes.hasNext()) {
      Difference change = changes.next();
      Optional<Body> was = change.old().map(Entry.File::body);
      bytes += change.now().map(Entry.File::body).map(body -> written(was, body)).orElse(0L);
    }
    return bytes;
  }

  private long written(Optional<Body> old, Body now) {
    if (old.filter(body -> body.hash().equals(now.hash())).isPresent()) {
      return 0;
    }
    return old.filter(body -> continues(body, now))
        .map(body -> now.size() - body.size())
        .orElse(now.size());
  }

  /// Whether a file begins with all of another.
  private boolean continues(Body old, Body now) {
    if (now.size() <= old.size()
        || old instanceof Body.Reference
        || now instanceof Body.Reference) {
      return false;
    }
    long same = sameChunks(old, now);
    long rest = old.size() - same;
    if (rest > MAX_RECUT) {
      return false;
    }
    try (InputStream before = filesets.open(old, same, rest);
        InputStream after = filesets.open(now, same, rest)) {
      return Arrays.equals(before.readAllBytes(), after.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many bytes both begin with, in chunks that both have.
  private long sameChunks(Body old, Body now) {
    Iterator<Chunk> left = filesets.chunks(old);
    Iterator<Chunk> right = filesets.chunks(now);
    long same = 0;
    while (left.hasNext() && right.hasNext()) {
      Chunk chunk = left.next();
      if (!chunk.equals(right.next())) {
        return same;
      }
      same = chunk.offset() + chunk.size();
    }
    return same;
  }
}
