package dev.dassie.executor.container;

import java.io.IOException;
import java.io.InputStream;

/// A body in chunks (RFC 9112 §7.1), without its trailers.
final class ChunkedBody extends InputStream {
  private final InputStream in;
  private LimitedBody chunk;
  private boolean begun;
  private boolean ended;

  ChunkedBody(InputStream in) {
    this.in = in;
    this.chunk = new LimitedBody(in, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = chunk.read(to, offset, length);
      if (count >= 0) {
        return count;
      }
      next();
    }
    return -1;
  }

  private void next() throws IOException {
    if (begun && !EngineSocket.line(in).isEmpty()) {
      throw new IOException("it sent a chunk that does not end where it says");
    }
    begun = true;
    String size = EngineSocket.line(in).replaceFirst(";.*", "").strip();
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      throw new IOException("it sent a chunk without a size");
    }
    long length = Long.parseLong(size, 16);
    ended = length == 0;
    chunk = new LimitedBody(in, length);
  }
}
