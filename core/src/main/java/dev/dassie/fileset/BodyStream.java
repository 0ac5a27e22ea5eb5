package dev.dassie.fileset;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/// The bytes of a file of one chunk or more, read chunk by chunk as they are asked for. Not
/// thread-safe.
final class BodyStream extends InputStream {
  /// Parts of one node that are still to come.
  private static final class Place {
    private final RecipeNode node;
    private int at;

    Place(RecipeNode node) {
      this.node = node;
    }
  }

  private static final byte[] NOTHING = {};

  private final ChunkReader chunks;
  private final Deque<Place> path = new ArrayDeque<>();

  /// Bytes of the file before the first one that was asked for and not passed over yet.
  private long skip;

  private long left;
  private byte[] chunk = NOTHING;
  private int at;

  BodyStream(ChunkReader chunks, Body.Recipe recipe, long offset, long length) {
    this.chunks = chunks;
    this.skip = offset;
    this.left = length;
    if (length > 0) {
      RecipeNode root = node(recipe.root());
      check(recipe.root(), recipe.size(), root.size());
      path.push(new Place(root));
    }
  }

  BodyStream(ChunkReader chunks, Body.Single single, long offset, long length) {
    this.chunks = chunks;
    this.left = length;
    if (length > 0) {
      chunk = chunks.read(single.chunk());
      check(single.chunk(), single.size(), chunk.length);
      at = (int) offset;
    }
  }

  @Override
  public int read() {
    if (!ready()) {
      return -1;
    }
    left--;
    return chunk[at++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!ready()) {
      return -1;
    }
    int count = Math.min(length, available());
    System.arraycopy(chunk, at, into, offset, count);
    take(count);
    return count;
  }

  /// Passes over chunks without reading them.
  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, left);
    long here = Math.min(skipped, available());
    take((int) here);
    left -= skipped - here;
    skip += skipped - here;
    return skipped;
  }

  /// Writes whole chunks, without a copy between.
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long written = 0;
    while (ready()) {
      int count = available();
      out.write(chunk, at, count);
      take(count);
      written += count;
    }
    return written;
  }

  @Override
  public int available() {
    return (int) Math.min(left, chunk.length - at);
  }

  private void take(int count) {
    at += count;
    left -= count;
  }

  /// Whether there is a byte to read, after the next chunk was read if need be.
  private boolean ready() {
    if (left == 0) {
      return false;
    }
    while (at == chunk.length) {
      Place place = path.getFirst();
      if (place.at == place.node.parts().size()) {
        path.pop();
        continue;
      }
      RecipeNode.Part part = place.node.parts().get(place.at++);
      if (skip >= part.size()) {
        skip -= part.size();
      } else if (place.node.level() > 0) {
        descend(place, part);
      } else {
        chunk = chunks.read(part.id());
        check(part.id(), part.size(), chunk.length);
        at = (int) skip;
        skip = 0;
      }
    }
    return true;
  }

  private void descend(Place place, RecipeNode.Part part) {
    RecipeNode child = node(part.id());
    check(part.id(), part.size(), child.size());
    if (child.level() != place.node.level() - 1) {
      throw RecipeNode.wrongLevel(part.id(), place.node.level() - 1, child.level());
    }
    path.push(new Place(child));
  }

  private RecipeNode node(Digest id) {
    return RecipeNode.decode(id, chunks.read(id));
  }

  private static void check(Digest id, long expected, long actual) {
    if (expected != actual) {
      throw new Fault.Corrupt("`" + id + "`", expected + " bytes", actual + " bytes").asException();
    }
  }
}
