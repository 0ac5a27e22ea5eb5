package dev.dassie.fileset;

import dev.dassie.content.ByteTaker;
import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.content.Lent;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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

  /// Hands all that is left to a taker, chunk by chunk in memory that is lent, without a copy.
  void send(ByteTaker to) throws IOException {
    if (at < chunk.length && left > 0) {
      int count = available();
      to.take(ByteBuffer.wrap(chunk, at, count));
      take(count);
    }
    while (left > 0) {
      RecipeNode.Part part = next();
      Lent lent = chunks.lend(part.id());
      boolean sent = false;
      try {
        send(part, lent.bytes(), to);
        sent = true;
      } finally {
        if (sent) {
          lent.giveBack();
        } else {
          lent.lose();
        }
      }
    }
  }

  private void send(RecipeNode.Part part, ByteBuffer bytes, ByteTaker to) throws IOException {
    check(part.id(), part.size(), bytes.remaining());
    int from = bytes.position() + (int) skip;
    skip = 0;
    int count = (int) Math.min(left, bytes.limit() - from);
    to.take(bytes.slice(from, count));
    left -= count;
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
      RecipeNode.Part part = next();
      chunk = chunks.read(part.id());
      check(part.id(), part.size(), chunk.length);
      at = (int) skip;
      skip = 0;
    }
    return true;
  }

  /// The chunk with the byte at [#skip]; there is one while bytes are left.
  private RecipeNode.Part next() {
    while (true) {
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
        return part;
      }
    }
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
