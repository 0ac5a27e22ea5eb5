package dev.dassie.server.s3.protocol;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Shows what is read through it to another. Not thread-safe.
public final class FeedingStream extends FilterInputStream {
  private final Taker taker;

  /// Gets the bytes as they are read.
  public interface Taker {
    void take(byte[] bytes, int offset, int length);
  }

  public FeedingStream(InputStream in, Taker taker) {
    super(in);
    this.taker = taker;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    if (count > 0) {
      taker.take(bytes, offset, count);
    }
    return count;
  }

  @Override
  public long skip(long count) {
    return 0; // nobody passes bytes by unseen
  }
}
