package dev.dassie.server.s3.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// Joins the CRCs of two runs of bytes to that of both, without the bytes: zeros in the place of
/// the second run are powers of one matrix over GF(2) (Mark Adler's `crc32_combine` of zlib).
/// Immutable.
public final class CrcJoin {
  private final int width;
  private final long polynomial;

  private CrcJoin(int width, long polynomial) {
    this.width = width;
    this.polynomial = polynomial;
  }

  /// That of a linear checksum.
  public static CrcJoin of(ChecksumKind kind) {
    return switch (kind) {
      case CRC32 -> new CrcJoin(32, 0xedb88320L);
      case CRC32C -> new CrcJoin(32, 0x82f63b78L);
      case CRC64NVME -> new CrcJoin(64, 0x9a6c9329ac4bc9b5L);
      case SHA1, SHA256 -> throw new IllegalArgumentException(kind.text());
    };
  }

  /// The CRC of a run with `first` and one of `length` bytes with `second` behind it.
  public long join(long first, long second, long length) {
    long[] zeros = new long[width];
    zeros[0] = polynomial;
    for (int i = 1; i < width; i++) {
      zeros[i] = 1L << (i - 1);
    }
    // One bit of zero, then two, four and eight of them: a byte.
    long[] power = square(square(square(zeros)));
    long joined = first;
    for (long left = length; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        joined = times(power, joined);
      }
      power = square(power);
    }
    return joined ^ second;
  }

  private static long times(long[] matrix, long vector) {
    long product = 0;
    long rest = vector;
    for (int i = 0; rest != 0; i++, rest >>>= 1) {
      if ((rest & 1) != 0) {
        product ^= matrix[i];
      }
    }
    return product;
  }

  private static long[] square(long[] matrix) {
    return Arrays.stream(matrix).map(column -> times(matrix, column)).toArray();
  }

  /// A value from its big-endian bytes.
  public static long value(byte[] bytes) {
    long value = 0;
    for (byte one : bytes) {
      value = (value << 8) | (one & 0xff);
    }
    return value;
  }

  /// The other way.
  public static String base64(long value, int bytes) {
    byte[] all = ByteBuffer.allocate(8).putLong(value).array();
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(all, 8 - bytes, 8));
  }
}
