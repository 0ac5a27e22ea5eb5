package dev.dassie.cli.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The header of a tar entry (POSIX.1-1988, ustar) whose name and size fit into it as they are:
/// nearly all of them. To write it with the library takes as long as to read a small file. Not
/// thread-safe.
final class PlainHeader {
  static final int BLOCK = 512;

  private static final int NAME_MAX = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final byte[] block = new byte[BLOCK];

  PlainHeader() {
    octal(108, 7, 0);
    octal(116, 7, 0);
    octal(136, 11, 0);
    block[156] = '0';
    text(257, "ustar");
    text(263, "00");
    octal(329, 7, 0);
    octal(337, 7, 0);
  }

  /// Whether the header has room for a name and a size as they are.
  static boolean fits(String name, long size) {
    if (name.length() > NAME_MAX || name.isEmpty() || size >= 1L << (3 * SIZE_DIGITS)) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char unit = name.charAt(i);
      if (unit < ' ' || unit > '~') {
        return false;
      }
    }
    return true;
  }

  /// Writes the header of a file.
  void write(String name, long size, int mode, OutputStream to) throws IOException {
    Arrays.fill(block, 0, NAME_MAX, (byte) 0);
    text(0, name);
    octal(100, 7, mode);
    octal(SIZE_AT, SIZE_DIGITS, size);
    Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
    int sum = 0;
    for (byte unit : block) {
      sum += unit & 0xff;
    }
    octal(CHECKSUM_AT, 6, sum);
    block[CHECKSUM_AT + 6] = 0;
    to.write(block);
  }

  /// Fills the last block behind a file of `size` bytes.
  static void pad(long size, OutputStream to) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      to.write(ZEROS, 0, BLOCK - rest);
    }
  }

  private void octal(int at, int digits, long value) {
    long left = value;
    for (int i = digits - 1; i >= 0; i--) {
      block[at + i] = (byte) ('0' + (left & 7));
      left >>>= 3;
    }
  }

  private void text(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
