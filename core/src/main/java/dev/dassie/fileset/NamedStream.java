package dev.dassie.fileset;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.function.Supplier;

/// The bytes of a file, whose path is named where they are damaged. Not thread-safe.
final class NamedStream extends InputStream {
  private interface Reading<T> {
    T read() throws IOException;
  }

  /// Hands bytes on.
  interface Sending {
    void send() throws IOException;
  }

  private final FilePath path;
  private final InputStream bytes;

  NamedStream(FilePath path, Supplier<InputStream> opening) {
    this.path = path;
    this.bytes = named(path, opening);
  }

  /// The result, or the refusal with the path where it says that something is damaged.
  static <T> T named(FilePath path, Supplier<T> work) {
    try {
      return work.get();
    } catch (DassieException e) {
      throw named(path, e);
    }
  }

  /// The same for work that hands bytes on.
  static void sending(FilePath path, Sending work) throws IOException {
    try {
      work.send();
    } catch (DassieException e) {
      throw named(path, e);
    }
  }

  private static DassieException named(FilePath path, DassieException e) {
    if (!(e.fault() instanceof Fault.Corrupt(String object, String expected, String actual))) {
      return e;
    }
    String within = object.substring(0, 1).toLowerCase(Locale.ROOT) + object.substring(1);
    String both = "The file `%s` (%s)".formatted(path, within);
    return new DassieException(new Fault.Corrupt(both, expected, actual), e);
  }

  private <T> T reading(Reading<T> read) throws IOException {
    try {
      return read.read();
    } catch (DassieException e) {
      throw named(path, e);
    }
  }

  @Override
  public int read() throws IOException {
    return reading(bytes::read);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return reading(() -> bytes.read(into, offset, length));
  }

  @Override
  public long skip(long count) throws IOException {
    return reading(() -> bytes.skip(count));
  }

  @Override
  public int available() throws IOException {
    return bytes.available();
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    return reading(() -> bytes.transferTo(out));
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
