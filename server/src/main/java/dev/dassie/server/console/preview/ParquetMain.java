package dev.dassie.server.console.preview;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/// The process that reads one Parquet file for a preview: asks for ranges of it on standard output,
/// gets them on standard input, and ends with a table or with what is wrong. What a hostile file
/// can do is bounded by who started it.
public final class ParquetMain {
  /// What it says: that it wants bytes, that here is the table, that here is what is wrong.
  static final int READ = 'R';

  static final int TABLE = 'T';
  static final int WRONG = 'W';

  private static final int SENTENCE = 300;

  private ParquetMain() {}

  public static void main(String[] args) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
    // Whatever a library prints must not get between.
    System.setOut(System.err);
    Ranges ranges = new Ranges(in, out, in.readLong());
    try {
      ParquetTable table = ParquetReading.of(ranges);
      out.writeByte(TABLE);
      table.write(out);
    } catch (IOException | RuntimeException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      out.writeByte(WRONG);
      out.writeUTF(said.substring(0, Math.min(SENTENCE, said.length())));
    }
    out.flush();
  }

  /// The file, whose bytes the other process has.
  static final class Ranges implements InputFile {
    private final DataInputStream in;
    private final DataOutputStream out;
    private final long length;

    Ranges(DataInputStream in, DataOutputStream out, long length) {
      this.in = in;
      this.out = out;
      this.length = length;
    }

    @Override
    public long getLength() {
      return length;
    }

    private byte[] read(long offset, int most) throws IOException {
      if (offset < 0 || offset >= length || most <= 0) {
        throw new EOFException("A range that it names is not in it.");
      }
      int wanted = (int) Math.min(most, length - offset);
      out.writeByte(READ);
      out.writeLong(offset);
      out.writeInt(wanted);
      out.flush();
      byte[] bytes = new byte[wanted];
      in.readFully(bytes);
      return bytes;
    }

    @Override
    public SeekableInputStream newStream() {
      Place place = new Place();
      return new DelegatingSeekableInputStream(place) {
        @Override
        public long getPos() {
          return place.at;
        }

        @Override
        public void seek(long position) {
          place.at = position;
        }
      };
    }

    /// A place in the file that moves as it is read. A few bytes are read ahead: footers are read
    /// number by number.
    private final class Place extends java.io.InputStream {
      private static final int AHEAD = 16 << 10;
      private long at;
      private long aheadFrom;
      private ByteBuffer ahead = ByteBuffer.allocate(0);

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        if (at >= length) {
          return -1;
        }
        if (at < aheadFrom || at >= aheadFrom + ahead.limit()) {
          ahead = ByteBuffer.wrap(Ranges.this.read(at, Math.max(count, AHEAD)));
          aheadFrom = at;
        }
        int from = (int) (at - aheadFrom);
        int got = Math.min(count, ahead.limit() - from);
        ahead.get(from, bytes, offset, got);
        at += got;
        return got;
      }
    }
  }
}
