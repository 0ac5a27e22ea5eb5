package dev.dassie.executor.datum;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A range of a file as a stream; it ends early where the file does.
public final class FileSlice extends InputStream {
  private final FileChannel channel;
  private long position;
  private long left;

  public FileSlice(Path file, long offset, long length) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
    position = offset;
    left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int count =
        channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)), position);
    if (count > 0) {
      position += count;
      left -= count;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
