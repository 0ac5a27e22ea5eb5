package dev.dassie.executor.datum;

import dev.dassie.job.Written;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/// What a process writes, taken piece by piece: one for each datum that it works on. Thread-safe.
public final class PieceLog implements Command.Sink, AutoCloseable {
  private final Path file;
  private LogRing ring;
  private Optional<FileChannel> out = Optional.empty();
  private boolean damaged;

  public PieceLog(Path file) {
    this.file = file;
    this.ring = new LogRing(file, 1);
  }

  /// Begins a piece, of which the first and last `limit` bytes are kept.
  public synchronized void begin(long limit) throws IOException {
    close();
    damaged = false;
    ring = new LogRing(file, limit);
    out = Optional.of(ring.open());
  }

  @Override
  public synchronized void write(byte[] bytes, int length) {
    try {
      if (out.isPresent()) {
        ring.store(out.get(), bytes, length);
      }
    } catch (IOException e) {
      damaged = true;
    }
  }

  /// The piece up to now, valid until the next begins.
  public synchronized CapturedLog captured() {
    CapturedLog log = ring.captured();
    return new CapturedLog(log.total(), log.limit(), log.held(), log.file(), damaged);
  }

  /// How the piece that is being written ends so far; nothing between pieces.
  public synchronized Optional<Written> written() {
    try {
      return out.isPresent() ? Optional.of(ring.written(Written.MOST)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (out.isPresent()) {
      out.get().close();
      out = Optional.empty();
    }
  }
}
