package dev.dassie.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The rolling hash that decides where files are cut (docs/format.md, "Chunker"): after byte `i` it
/// is the sum over the last 64 bytes of `table(byte) << distance to i`, in 64 bits. Gear hashing is
/// due to W. Xia and others, "Ddelta" (2014).
final class Gear {
  /// The number of bytes that a hash depends on.
  static final int WINDOW = 64;

  /// Scans run side by side over two neighbouring stretches of this many bytes: the hash of the
  /// second does not wait for that of the first, which doubles the speed.
  private static final int STRETCH = 4096;

  private static final long[] TABLE = table();

  private Gear() {}

  /// The constants of the format: entry `i` is the first 8 bytes, big-endian, of the SHA-256 of the
  /// ASCII text `dassie gear i`, `i` in decimal.
  static long[] table() {
    MessageDigest sha = Digest.sha256();
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      byte[] text = ("dassie gear " + i).getBytes(StandardCharsets.US_ASCII);
      table[i] = ByteBuffer.wrap(sha.digest(text)).getLong();
    }
    return table;
  }

  /// The first position in `from..to-1` after whose byte the hash has no bit of `mask`, or -1. At
  /// least [#WINDOW] bytes MUST stand before `from`.
  static int find(byte[] bytes, int from, int to, long mask) {
    long[] gear = TABLE;
    long first = hashBefore(bytes, from);
    int at = from;
    while (to - at >= 2 * STRETCH) {
      int next = at + STRETCH;
      long second = hashBefore(bytes, next);
      for (int i = 0; i < STRETCH; i++) {
        first = (first << 1) + gear[bytes[at + i] & 0xff];
        second = (second << 1) + gear[bytes[next + i] & 0xff];
        if ((first & mask) == 0) {
          return at + i;
        }
        if ((second & mask) == 0) {
          // A hit in what is left of the first stretch still comes before this one.
          int earlier = findSimply(bytes, at + i + 1, next, mask);
          return earlier >= 0 ? earlier : next + i;
        }
      }
      first = second;
      at = next + STRETCH;
    }
    return findSimply(bytes, at, to, mask);
  }

  /// What [#find] finds, byte by byte.
  static int findSimply(byte[] bytes, int from, int to, long mask) {
    long hash = hashBefore(bytes, from);
    for (int i = from; i < to; i++) {
      hash = (hash << 1) + TABLE[bytes[i] & 0xff];
      if ((hash & mask) == 0) {
        return i;
      }
    }
    return -1;
  }

  private static long hashBefore(byte[] bytes, int position) {
    long hash = 0;
    for (int i = position - WINDOW; i < position; i++) {
      hash = (hash << 1) + TABLE[bytes[i] & 0xff];
    }
    return hash;
  }
}
