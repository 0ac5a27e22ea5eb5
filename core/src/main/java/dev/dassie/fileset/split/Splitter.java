package dev.dassie.fileset.split;

import dev.dassie.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The parts of a stream, one after another, in constant memory. There is always one: of a stream
/// without records it holds the header, or nothing. Not thread-safe.
public final class Splitter {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_HEADER = 1 << 20;

  private final InputStream source;
  private final Split rule;
  private final RecordEnds ends;
  private final byte[] buffer = new byte[BUFFER];
  private final byte[] header;
  private int at;
  private int limit;
  private boolean begun;

  /// Reads the header. The stream stays the caller's to close.
  ///
  /// @throws IOException when the stream fails
  public Splitter(InputStream source, Split rule) throws IOException {
    this.source = source;
    this.rule = rule;
    this.ends = rule.ends();
    this.header = readHeader();
  }

  /// The next part, to be read to its end before the one after it is asked for; empty when there is
  /// none. Reading it refuses a record that the stream breaks off in: `Fault.Invalid`.
  public Optional<InputStream> next() throws IOException {
    if (begun && !filled()) {
      return Optional.empty();
    }
    begun = true;
    return Optional.of(new Part());
  }

  private byte[] readHeader() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int rows = 0;
    while (rows < rule.headerRows() && filled()) {
      int end = ends.next(buffer, at, limit);
      int to = end < 0 ? limit : end;
      read.write(buffer, at, to - at);
      at = to;
      if (end >= 0) {
        rows++;
      }
      if (read.size() > MAX_HEADER) {
        throw new Fault.Invalid("The header", "of more than 1 MiB", "one of at most 1 MiB")
            .asException();
      }
    }
    if (rows < rule.headerRows()) {
      ends.end();
    }
    return read.toByteArray();
  }

  /// Whether there is a byte in the buffer, after it was filled if need be.
  private boolean filled() throws IOException {
    if (at == limit) {
      at = 0;
      limit = Math.max(0, source.read(buffer, 0, buffer.length));
    }
    return at < limit;
  }

  /// Header and records of one part.
  private final class Part extends InputStream {
    private int sent;
    private long bytes;
    private long rows;

    /// The bytes up to here are the part's.
    private int known = at;

    /// Whether a record ends at `known`.
    private boolean ending;

    private boolean done;

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
      if (sent < header.length) {
        int count = Math.min(length, header.length - sent);
        System.arraycopy(header, sent, into, offset, count);
        sent += count;
        return count;
      }
      int total = 0;
      while (total < length && more(total == 0)) {
        int count = Math.min(length - total, known - at);
        System.arraycopy(buffer, at, into, offset + total, count);
        at += count;
        bytes += count;
        total += count;
      }
      return total == 0 ? -1 : total;
    }

    /// Whether a byte of the part is in the buffer; reads on only where `mayFill`.
    private boolean more(boolean mayFill) throws IOException {
      while (!done && at == known) {
        if (ending) {
          ending = false;
          rows++;
          done = rule.isFull(bytes, rows);
        } else if (at < limit || (mayFill && filled())) {
          int end = ends.next(buffer, at, limit);
          ending = end >= 0;
          known = ending ? end : limit;
        } else if (mayFill) {
          ends.end();
          done = true;
        } else {
          return false;
        }
      }
      return !done;
    }
  }
}
