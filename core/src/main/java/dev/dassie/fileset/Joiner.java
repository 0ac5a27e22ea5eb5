package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Chunker;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/// Puts ranges of bodies one behind the other, by reference, into the body that writing all their
/// bytes would give. Where one begins, chunks are cut anew from the last one before it; once a cut
/// falls on one that the range has, its chunks are as they must be, for where a chunk ends depends
/// on where it starts and on what follows only (docs/format.md, "Chunker"). That is mostly so
/// within a few chunks; bytes that repeat themselves may never get there and are read to their end.
///
/// Memory stays below 8 MiB however many bytes there are. Not thread-safe.
final class Joiner {
  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final RecipeWriter recipe;

  /// What comes after the chunks that are settled: up to one chunk, which more bytes may change.
  private byte[] tail = {};

  Joiner(ChunkStore.Session session) {
    this.session = session;
    this.filesets = new Filesets(session);
    this.recipe = new RecipeWriter(session);
  }

  /// Adds a range, which MUST lie within the body.
  void add(Body body, long offset, long length) {
    if (length == 0) {
      return;
    }
    try {
      if (recipe.isEmpty() && tail.length + length <= Chunker.UNCUT) {
        tail = joined(tail, read(body, offset, length));
      } else {
        settle(body, offset, length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The body of all that was added.
  Body finish() {
    try {
      if (recipe.isEmpty() && tail.length <= Chunker.UNCUT) {
        return Bodies.write(new ByteArrayInputStream(tail), session);
      }
      Chunker chunker = new Chunker();
      chunker.resume(new ByteArrayInputStream(tail));
      while (chunker.next()) {
        put(chunker);
      }
      return recipe.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void settle(Body body, long offset, long length) throws IOException {
    Cuts cuts = new Cuts(body, offset, offset + length);
    if (tail.length == 0 && cuts.isAt(offset)) {
      follow(cuts, body, offset + length);
      return;
    }
    try (InputStream bytes =
        new SequenceInputStream(
            new ByteArrayInputStream(tail), filesets.open(body, offset, length))) {
      Chunker chunker = new Chunker();
      chunker.resume(bytes);
      long at = offset - tail.length;
      while (chunker.next()) {
        at += chunker.length();
        if (at == offset + length) {
          tail =
              Arrays.copyOfRange(
                  chunker.buffer(), chunker.offset(), chunker.offset() + chunker.length());
          return;
        }
        put(chunker);
        if (cuts.isAt(at)) {
          tail = new byte[0];
          follow(cuts, body, offset + length);
          return;
        }
      }
    }
  }

  /// Takes the chunks from a cut on as they are; the last one, which the end of the body or of the
  /// range has cut, is the new tail.
  private void follow(Cuts cuts, Body body, long end) throws IOException {
    Optional<Chunk> chunk = cuts.next();
    while (chunk.isPresent() && chunk.get().offset() + chunk.get().size() < end) {
      Digest id = chunk.get().digest();
      if (!session.reuse(id)) {
        throw new Fault.Conflict(
                "What the chunk `%s` holds was deleted while it was joined.".formatted(id),
                Optional.of("Repeat the request."))
            .asException();
      }
      recipe.add(id, chunk.get().size());
      chunk = cuts.next();
    }
    if (chunk.isPresent()) {
      tail = read(body, chunk.get().offset(), end - chunk.get().offset());
    }
  }

  private void put(Chunker chunker) {
    Digest id =
        session.put(ChunkStore.Role.DATA, chunker.buffer(), chunker.offset(), chunker.length());
    recipe.add(id, chunker.length());
  }

  private byte[] read(Body body, long offset, long length) throws IOException {
    try (InputStream bytes = filesets.open(body, offset, length)) {
      return bytes.readNBytes(Math.toIntExact(length));
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /// The places in a range where its body is cut. Asked for places that do not go down.
  private final class Cuts {
    private final Iterator<Chunk> chunks;
    private final long end;
    private Optional<Chunk> ahead = Optional.empty();

    Cuts(Body body, long offset, long end) {
      this.chunks = filesets.chunks(body);
      this.end = end;
      advance(offset);
    }

    private void advance(long place) {
      while ((ahead.isEmpty() || ahead.get().offset() < place) && chunks.hasNext()) {
        ahead = Optional.of(chunks.next());
      }
    }

    /// Whether a chunk begins there, within the range.
    boolean isAt(long place) {
      advance(place);
      return place < end && ahead.filter(chunk -> chunk.offset() == place).isPresent();
    }

    Optional<Chunk> next() {
      Optional<Chunk> now = ahead;
      ahead = chunks.hasNext() ? Optional.of(chunks.next()) : Optional.empty();
      return now;
    }
  }
}
