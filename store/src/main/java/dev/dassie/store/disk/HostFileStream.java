package dev.dassie.store.disk;

import dev.dassie.fault.DassieException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A part of a file that must not change while it is read: looked at again when the part is at its
/// end. Not thread-safe.
final class HostFileStream extends FilterInputStream {
  private final Runnable verify;
  private final DassieException shorter;
  private long left;

  HostFileStream(InputStream bytes, long length, Runnable verify, DassieException shorter) {
    super(bytes);
    this.left = length;
    this.verify = verify;
    this.shorter = shorter;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int count = in.read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw shorter;
    }
    left -= count;
    if (left == 0) {
      verify.run();
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
