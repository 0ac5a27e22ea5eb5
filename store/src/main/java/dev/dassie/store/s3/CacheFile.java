package dev.dassie.store.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that many threads read and write at places of their choice. An interrupt of one of them
/// closes the channel under all, so it is opened again. Thread-safe.
final class CacheFile implements AutoCloseable {
  private final Path path;
  private FileChannel channel;
  private boolean closed;

  CacheFile(Path path) throws IOException {
    this.path = path;
    channel = open(path);
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private synchronized FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = open(path);
    }
    return channel;
  }

  long size() throws IOException {
    return channel().size();
  }

  void truncate(long size) throws IOException {
    FileChannel _ = channel().truncate(size);
  }

  /// Fills the buffer from `position`.
  void read(ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int n = channel().read(into, at);
      if (n < 0) {
        throw new IOException("the file is shorter than it was");
      }
      at += n;
    }
  }

  /// Writes the whole buffer at `position`.
  void write(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel().write(from, at);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
