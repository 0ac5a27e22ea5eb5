package dev.dassie.executor.datum;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Copies a stream into a file that keeps its first and last `limit` bytes, laid out as
/// [CapturedLog] says.
public final class LogRing {
  private final Path file;
  private final long limit;
  private long total;

  public LogRing(Path file, long limit) {
    this.file = file;
    this.limit = Math.max(1, limit);
  }

  /// Copies until the stream ends.
  public void copy(InputStream from) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (FileChannel out = open()) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        store(out, buffer, n);
      }
    }
  }

  /// Opens the file for what comes in pieces.
  public FileChannel open() throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  public CapturedLog captured() {
    return new CapturedLog(total, limit, new byte[0], Optional.of(file), false);
  }

  /// Stores one piece.
  public void store(FileChannel out, byte[] bytes, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = total < limit ? total : limit + (total - limit) % limit;
      long room = (at < limit ? limit : 2 * limit) - at;
      int part = (int) Math.min(length - done, room);
      ByteBuffer slice = ByteBuffer.wrap(bytes, done, part);
      while (slice.hasRemaining()) {
        at += out.write(slice, at);
      }
      done += part;
      total += part;
    }
  }
}
