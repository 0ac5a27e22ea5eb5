package dev.dassie.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Cuts a file into chunks where its content says so, so that an insertion moves the cuts near it
/// and no others: FastCDC (W. Xia and others, 2016) on a gear hash. The same bytes are always cut
/// in the same places, whatever the pieces they arrive in. A file of up to [#UNCUT] bytes is one
/// chunk. All constants are part of the format (docs/format.md, "Chunker").
///
/// Takes one stream after another; memory stays below 5 MiB however long they are. Not thread-safe.
///
/// ```
/// chunker.start(in);
/// while (chunker.next()) {
///   session.put(Role.DATA, chunker.buffer(), chunker.offset(), chunker.length());
/// }
/// ```
public final class Chunker {
  /// No chunk is shorter, but the last one of a file.
  public static final int MIN = 64 << 10;

  /// Chunks are about this long; where the hash is tested less strictly from.
  public static final int AVERAGE = 256 << 10;

  /// No chunk is longer.
  public static final int MAX = ChunkStore.MAX_CHUNK;

  /// Files of up to this many bytes are one chunk, not cut.
  public static final int UNCUT = 256 << 10;

  /// Before the average length the hash must have its top 20 bits zero, from there on its top 16:
  /// two more and two fewer than the 18 of the average.
  static final long MASK_BEFORE = -1L << (64 - 20);

  static final long MASK_AFTER = -1L << (64 - 16);

  private static final int FIRST_BUFFER = 4 << 10;
  private static final int FULL_BUFFER = 4 * MAX;

  private InputStream in = InputStream.nullInputStream();
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int offset;
  private int length;
  private int filled;
  private boolean ended = true;
  private boolean beginning;

  /// Begins a file.
  public void start(InputStream file) {
    begin(file, true);
  }

  /// Begins in the middle of a file longer than [#UNCUT], at the start of one of its chunks: the
  /// cuts are those of the whole file. For appending: give the last chunk and what follows it.
  public void resume(InputStream rest) {
    begin(rest, false);
  }

  private void begin(InputStream stream, boolean atBeginning) {
    in = stream;
    offset = 0;
    length = 0;
    filled = 0;
    ended = false;
    beginning = atBeginning;
  }

  /// Moves to the next chunk; false at the end of the file. An empty file has no chunk.
  public boolean next() throws IOException {
    offset += length;
    length = 0;
    if (beginning) {
      fill(UNCUT + 1);
      beginning = false;
      if (filled <= UNCUT) {
        length = filled;
        return length > 0;
      }
    }
    fill(MAX);
    length = cut(buffer, offset, Math.min(MAX, filled - offset));
    return length > 0;
  }

  /// Holds the chunk; valid until the next call of [#next].
  public byte[] buffer() {
    return buffer;
  }

  /// Where the chunk starts in [#buffer].
  public int offset() {
    return offset;
  }

  /// The bytes of the chunk.
  public int length() {
    return length;
  }

  /// The length of the first chunk of the `available` bytes from `offset`, which are [#MAX] or more
  /// or all that is left of the file. Not for the start of a file that [#UNCUT] leaves whole.
  static int cut(byte[] bytes, int offset, int available) {
    if (available <= MIN) {
      return available;
    }
    int end = Math.min(available, MAX);
    int average = Math.min(end, AVERAGE);
    // A chunk of length n is decided by the hash after its byte n - 1.
    int at = Gear.find(bytes, offset + MIN - 1, offset + average - 1, MASK_BEFORE);
    if (at < 0 && end >= AVERAGE) {
      at = Gear.find(bytes, offset + average - 1, offset + end, MASK_AFTER);
    }
    return at < 0 ? end : at - offset + 1;
  }

  /// Reads until `wanted` bytes stand from the offset on, or the stream ends.
  private void fill(int wanted) throws IOException {
    if (ended || filled - offset >= wanted) {
      return;
    }
    if (buffer.length - offset < wanted) {
      System.arraycopy(buffer, offset, buffer, 0, filled - offset);
      filled -= offset;
      offset = 0;
    }
    while (filled - offset < wanted) {
      if (filled == buffer.length) {
        grow();
      }
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        ended = true;
        return;
      }
      filled += read;
    }
  }

  /// Small files need a small buffer only; the large one is made for the first large file.
  private void grow() {
    int size = buffer.length * 4 > UNCUT + 1 ? FULL_BUFFER : buffer.length * 4;
    buffer = Arrays.copyOf(buffer, size);
  }
}
