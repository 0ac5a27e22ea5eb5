package dev.dassie.executor.datum;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Hands on what comes without the values of secrets, a few whole lines at a time: a value that
/// stands in a line is never cut apart. Thread-safe.
public final class MaskedSink implements Command.Sink {
  /// A longer line goes on in pieces.
  private static final int LONGEST_LINE = 16 << 10;

  private final Mask mask;
  private final Command.Sink to;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  public MaskedSink(Mask mask, Command.Sink to) {
    this.mask = mask;
    this.to = to;
  }

  @Override
  public synchronized void write(byte[] bytes, int length) {
    int end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    held.write(bytes, 0, end);
    if (end > 0 || held.size() + length > LONGEST_LINE) {
      flush();
    }
    held.write(bytes, end, length - end);
  }

  /// Hands on what waits for the end of its line.
  public synchronized void flush() {
    try {
      byte[] shown = mask.over(new ByteArrayInputStream(held.toByteArray())).readAllBytes();
      held.reset();
      to.write(shown, shown.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
