package dev.dassie.cli.terminal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/// A line on stderr that says how far a long transfer is. It appears after a second, and only where
/// stderr is a terminal. For one transfer; counted by one thread.
public final class Progress implements AutoCloseable {
  private static final long SILENT_NANOS = 1_000_000_000L;
  private static final long REDRAW_NANOS = 200_000_000L;
  private static final int BAR = 24;
  private final Terminal terminal;
  private final String title;
  private final OptionalLong total;
  private final long started = System.nanoTime();
  private long drawn = started + SILENT_NANOS - REDRAW_NANOS;
  private long done;
  private boolean visible;

  public Progress(Terminal terminal, String title, OptionalLong total) {
    this.terminal = terminal;
    this.title = title;
    this.total = total;
  }

  /// The stream, counted as it is read.
  public InputStream counted(InputStream bytes) {
    return terminal.live() ? new Counted(bytes) : bytes;
  }

  /// Some more bytes have passed.
  public void add(long bytes) {
    done += bytes;
    long now = System.nanoTime();
    if (terminal.live() && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      visible = true;
      terminal.err().print("\r\u001b[K" + Safe.line(line(now - started)));
      terminal.err().flush();
    }
  }

  private String line(long nanos) {
    String speed = Cells.size((long) (done / (nanos / 1e9))) + "/s";
    if (total.isEmpty() || total.getAsLong() <= 0) {
      return "%s  %s  %s".formatted(title, Cells.size(done), speed);
    }
    double part = Math.min(1, (double) done / total.getAsLong());
    int full = (int) (part * BAR);
    return "%s  [%s%s] %3d %%  %s  %s"
        .formatted(
            title,
            "#".repeat(full),
            "-".repeat(BAR - full),
            (int) (part * 100),
            Cells.size(done),
            speed);
  }

  /// Removes the line.
  @Override
  public void close() {
    if (visible) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream bytes) {
      super(bytes);
    }

    @Override
    public int read() throws IOException {
      int unit = super.read();
      add(unit < 0 ? 0 : 1);
      return unit;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      add(Math.max(read, 0));
      return read;
    }
  }
}
