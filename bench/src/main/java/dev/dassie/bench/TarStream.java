package dev.dassie.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/// A tar (POSIX, ustar) of made-up files, written without touching a disk.
final class TarStream {
  private static final int BLOCK = 512;

  private TarStream() {}

  /// Files number `from` to `to` (exclusive) of `size` random bytes each, named as in [Trees].
  static void write(OutputStream out, int from, int to, int size, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] header = new byte[BLOCK];
    byte[] body = new byte[(size + BLOCK - 1) / BLOCK * BLOCK];
    byte[] bytes = new byte[size];
    for (int i = from; i < to; i++) {
      header(header, Trees.path(i), size);
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, body, 0, size);
      out.write(header);
      out.write(body);
    }
    out.write(new byte[2 * BLOCK]);
  }

  private static void header(byte[] header, String name, int size) {
    Arrays.fill(header, (byte) 0);
    text(header, 0, name);
    text(header, 100, "0000644");
    text(header, 108, "0000000");
    text(header, 116, "0000000");
    text(header, 124, String.format(Locale.ROOT, "%011o", size));
    text(header, 136, "00000000000");
    text(header, 148, "        ");
    header[156] = '0';
    text(header, 257, "ustar");
    text(header, 263, "00");
    int sum = 0;
    for (byte unit : header) {
      sum += unit & 0xff;
    }
    text(header, 148, String.format(Locale.ROOT, "%06o", sum));
    header[154] = 0;
  }

  private static void text(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
