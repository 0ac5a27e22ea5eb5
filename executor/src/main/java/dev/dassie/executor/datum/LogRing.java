package dev.dassie.executor.datum;

import dev.dassie.job.Written;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/// Copies a stream into a file that keeps its first and last `limit` bytes, laid out as
/// [CapturedLog] says.
public final class LogRing {
  private final Path file;
  private final long limit;
  private long total;

  /// Bytes that came so far, and the last of them that are in the file, at most so many.
  public synchronized Written written(int most) throws IOException {
    int length = (int) Math.min(Math.min(total, most), limit);
    ByteBuffer end = ByteBuffer.allocate(length);
    if (length > 0) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        for (long from = total - length; end.hasRemaining(); from = total - end.remaining()) {
          long at = place(from);
          end.limit((int) Math.min(length, end.position() + room(at)));
          if (in.read(end, at) < 0) {
            break;
          }
          end.limit(length);
        }
      }
    }
    return new Written(total, Arrays.copyOf(end.array(), end.position()));
  }

  private long place(long from) {
    return from < limit ? from : limit + (from - limit) % limit;
  }

  private long room(long at) {
    return (at < limit ? limit : 2 * limit) - at;
  }

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

  public synchronized CapturedLog captured() {
    return new CapturedLog(total, limit, new byte[0], Optional.of(file), false);
  }

  /// Stores one piece.
  public synchronized void store(FileChannel out, byte[] bytes, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = place(total);
      int part = (int) Math.min(length - done, room(at));
      ByteBuffer slice = ByteBuffer.wrap(bytes, done, part);
      while (slice.hasRemaining()) {
        at += out.write(slice, at);
      }
      done += part;
      total += part;
    }
  }
}
