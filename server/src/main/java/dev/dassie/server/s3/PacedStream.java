package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of a client that must not dawdle: after a minute they must have come at 1 KiB/s or
/// more, else somebody could hold any number of uploads open with a byte now and then.
final class PacedStream extends FilterInputStream {
  private static final long GRACE_NANOS = 60_000_000_000L;
  private static final long LEAST_PER_SECOND = 1024;

  private final long began = System.nanoTime();
  private long count;

  PacedStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    count += Math.max(0, read);
    if (isTooSlow(System.nanoTime() - began, count)) {
      throw new Refusal(
          Code.REQUEST_TIMEOUT,
          "Your socket connection to the server was not read from or written to within the timeout period.");
    }
    return read;
  }

  static boolean isTooSlow(long nanos, long bytes) {
    return nanos > GRACE_NANOS && bytes < (nanos - GRACE_NANOS) / 1_000_000_000 * LEAST_PER_SECOND;
  }
}
