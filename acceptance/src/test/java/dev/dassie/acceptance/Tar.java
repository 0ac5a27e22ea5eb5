package dev.dassie.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Tar archives of plain files with short names (POSIX.1-1988, "ustar").
final class Tar {
  private static final int BLOCK = 512;
  private static final int NAME = 0;
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;

  private Tar() {}

  static byte[] of(Map<String, byte[]> files) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    files.forEach((name, bytes) -> {
      tar.writeBytes(header(name, bytes.length));
      tar.writeBytes(bytes);
      tar.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    });
    tar.writeBytes(new byte[2 * BLOCK]);
    return tar.toByteArray();
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[BLOCK];
    set(header, NAME, name);
    set(header, MODE, "0000644");
    set(header, SIZE, "%011o".formatted(size));
    set(header, TYPE, "0");
    set(header, MAGIC, "ustar\00000");
    Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
    int sum = 0;
    for (byte one : header) {
      sum += Byte.toUnsignedInt(one);
    }
    set(header, CHECKSUM, "%06o\0".formatted(sum));
    return header;
  }

  private static void set(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
