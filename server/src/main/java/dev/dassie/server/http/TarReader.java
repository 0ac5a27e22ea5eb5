package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Hands the files of a tar (POSIX with PAX, GNU; plain or gzip) to a sink. Names that would leave
/// the target, links, devices and sparse files are refused with their name; what stands before the
/// bytes of a file (headers, long names) is bounded, so that no tar fills the memory.
final class TarReader {
  private static final int BUFFER = 256 << 10;

  /// Bytes that may be read to learn of the next file.
  private static final long HEADER_MAX = 4 << 20;

  private static final String DELETE = "DASSIE.delete";

  private final Metered source;

  /// @param gzip whether the stream is said to be gzip; it is found out where it is not
  TarReader(InputStream stream, boolean gzip) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(stream, BUFFER);
    buffered.mark(2);
    boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    if (gzip && !packed) {
      throw notATar("gzip, as its `Content-Encoding` says");
    }
    source = new Metered(packed ? unpacked(buffered) : buffered);
  }

  private static InputStream unpacked(InputStream stream) throws IOException {
    try {
      return new GZIPInputStream(stream, BUFFER);
    } catch (ZipException | EOFException e) {
      throw notATar("sound gzip");
    }
  }

  /// Takes the files of a tar; each stream is read before the next file comes.
  interface Sink {
    void put(FilePath path, boolean executable, InputStream bytes);

    /// What the path names goes away: an entry with the PAX record `DASSIE.delete`.
    default void delete(FilePath path) {
      throw new Fault.Invalid("The tar's entry", path.toString(), "a file, not one to delete")
          .asException();
    }
  }

  /// Reads to the end and returns the number of files.
  long read(Sink sink) throws IOException {
    long files = 0;
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(source, StandardCharsets.UTF_8.name())) {
      for (Optional<TarArchiveEntry> entry = next(tar); entry.isPresent(); entry = next(tar)) {
        if (!entry.get().isDirectory()) {
          FilePath path = checked(entry.get());
          if (entry.get().getExtraPaxHeader(DELETE) != null) {
            sink.delete(path);
            continue;
          }
          boolean executable = (entry.get().getMode() & 0111) != 0;
          sink.put(path, executable, new Bytes(tar));
          files++;
        }
      }
      // A client that sends more than the tar waits until it is read.
      source.skipToEnd();
    }
    return files;
  }

  private Optional<TarArchiveEntry> next(TarArchiveInputStream tar) throws IOException {
    source.allow(HEADER_MAX);
    try {
      return Optional.ofNullable(tar.getNextEntry());
    } catch (IOException | IllegalArgumentException e) {
      if (source.failed()) {
        throw e;
      }
      throw notATar("a tar (POSIX or GNU)");
    } finally {
      source.allow(Long.MAX_VALUE);
    }
  }

  private static RuntimeException notATar(String expected) {
    return new Fault.Invalid("The body", "damaged or not a tar", expected).asException();
  }

  private static FilePath checked(TarArchiveEntry entry) {
    String name = entry.getName();
    if (!entry.isFile()
        || entry.isSymbolicLink()
        || entry.isLink()
        || entry.isSparse()
        || entry.isCharacterDevice()
        || entry.isBlockDevice()
        || entry.isFIFO()) {
      throw new Fault.Invalid(
              "The tar's entry", name, "a plain file or a directory, no link or device")
          .asException();
    }
    if (name.startsWith("/")) {
      throw new Fault.Invalid("The tar's entry", name, "a name without a leading slash")
          .asException();
    }
    String plain = name;
    while (plain.startsWith("./")) {
      plain = plain.substring(2);
    }
    FilePath path = new FilePath(plain);
    if (path.isRoot()) {
      throw new Fault.Invalid("The tar's entry", name, "a name").asException();
    }
    return path;
  }

  /// The bytes of the file at hand; a tar that ends within them is refused.
  private final class Bytes extends FilterInputStream {
    Bytes(TarArchiveInputStream tar) {
      super(tar);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        if (source.failed()) {
          throw e;
        }
        throw notATar("a whole tar");
      }
    }
  }

  /// Counts against an allowance, and remembers that the stream itself failed.
  private static final class Metered extends FilterInputStream {
    private long left = Long.MAX_VALUE;
    private boolean failed;

    Metered(InputStream in) {
      super(in);
    }

    void allow(long bytes) {
      left = bytes;
    }

    boolean failed() {
      return failed;
    }

    void skipToEnd() throws IOException {
      byte[] sink = new byte[8192];
      while (read(sink, 0, sink.length) >= 0) {
        // Bytes behind the end of the tar mean nothing.
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        throw new Fault.Invalid("The tar", "damaged or hostile", "headers of at most 4 MiB a file")
            .asException();
      }
      try {
        int count = super.read(bytes, offset, length);
        left -= Math.max(0, count);
        return count;
      } catch (ZipException | EOFException e) {
        // Of a client that went away the wire knows, and nobody reads this.
        throw notATar("sound gzip");
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = 0;
      byte[] sink = new byte[8192];
      while (skipped < count) {
        int read = read(sink, 0, (int) Math.min(sink.length, count - skipped));
        if (read < 0) {
          break;
        }
        skipped += read;
      }
      return skipped;
    }
  }
}
