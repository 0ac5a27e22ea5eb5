package dev.dassie.fileset;

import dev.dassie.content.ByteTaker;
import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Chunker;
import dev.dassie.content.Digest;
import dev.dassie.content.Outside;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Stores the bytes of files. The same bytes always give the same body.
final class Bodies {
  /// Bytes at a time of what is not in chunks.
  private static final int COPIED = 64 << 10;

  private Bodies() {}

  static Body write(InputStream bytes, ChunkStore.Session session) {
    Chunker chunker = new Chunker();
    chunker.start(bytes);
    return cut(chunker, new RecipeWriter(session), session);
  }

  /// Cuts anew from the start of the last chunk on, which the end of the file had cut.
  static Body append(Body body, InputStream more, ChunkStore.Session session) {
    if (body.size() <= Chunker.UNCUT || body instanceof Body.Reference) {
      return write(new SequenceInputStream(open(session, body, 0, body.size()), more), session);
    }
    RecipeWriter recipe = new RecipeWriter(session);
    Digest last =
        switch (body) {
          case Body.Recipe chunks -> recipe.resume(chunks).id();
          case Body.Single single -> single.chunk();
          case Body.Inline _, Body.Reference _ ->
              throw new IllegalArgumentException(body.toString());
        };
    Chunker chunker = new Chunker();
    chunker.resume(new SequenceInputStream(new ByteArrayInputStream(session.read(last)), more));
    return cut(chunker, recipe, session);
  }

  static InputStream open(ChunkReader chunks, Body body, long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(length + " bytes from byte " + offset);
    }
    long from = Math.min(offset, body.size());
    long count = Math.min(length, body.size() - from);
    return switch (body) {
      case Body.Inline inline -> new ByteArrayInputStream(inline.bytes(), (int) from, (int) count);
      case Body.Single single -> new BodyStream(chunks, single, from, count);
      case Body.Recipe recipe -> new BodyStream(chunks, recipe, from, count);
      case Body.Reference(Outside file) -> chunks.outside(file, file.location(), from, count);
    };
  }

  /// Hands bytes of a body to a taker, without a copy where they lie in chunks.
  static void send(ChunkReader chunks, Body body, long offset, long length, ByteTaker to)
      throws IOException {
    InputStream bytes = open(chunks, body, offset, length);
    if (bytes instanceof BodyStream stream) {
      stream.send(to);
    } else {
      copy(bytes, to);
    }
  }

  /// Hands all of a stream to a taker, and closes it.
  static void copy(InputStream stream, ByteTaker to) throws IOException {
    try (stream) {
      byte[] block = new byte[COPIED];
      for (int n = stream.read(block); n >= 0; n = stream.read(block)) {
        to.take(ByteBuffer.wrap(block, 0, n));
      }
    }
  }

  private static Body cut(Chunker chunker, RecipeWriter recipe, ChunkStore.Session session) {
    try {
      boolean any = false;
      while (chunker.next()) {
        int length = chunker.length();
        if (!any && length <= Body.MAX_INLINE && recipe.isEmpty()) {
          return new Body.Inline(
              Arrays.copyOfRange(chunker.buffer(), chunker.offset(), chunker.offset() + length));
        }
        Digest id = session.put(ChunkStore.Role.DATA, chunker.buffer(), chunker.offset(), length);
        recipe.add(id, length);
        any = true;
      }
      return any ? recipe.finish() : Body.Inline.EMPTY;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
