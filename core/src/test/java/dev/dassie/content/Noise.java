package dev.dassie.content;

import java.nio.ByteBuffer;

/// Pseudo-random bytes that stay the same for ever, for golden vectors: the 64-bit words,
/// big-endian, of SplitMix64 (S. Vigna's reference, public domain) from a seed.
public final class Noise {
  private Noise() {}

  /// `length` bytes for a seed.
  public static byte[] bytes(long seed, int length) {
    ByteBuffer out = ByteBuffer.allocate((length + 7) / 8 * 8);
    long state = seed;
    while (out.hasRemaining()) {
      state += 0x9E3779B97F4A7C15L;
      long word = state;
      word = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
      word = (word ^ (word >>> 27)) * 0x94D049BB133111EBL;
      out.putLong(word ^ (word >>> 31));
    }
    byte[] bytes = new byte[length];
    out.flip().get(bytes);
    return bytes;
  }
}
