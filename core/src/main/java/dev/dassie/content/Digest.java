package dev.dassie.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 digest (FIPS 180-4) as four big-endian words, so that equality is by value. Ordered as
/// its bytes are, unsigned.
public record Digest(long word0, long word1, long word2, long word3) implements Comparable<Digest> {
  /// The number of bytes in a digest.
  public static final int BYTES = 32;

  /// The digest of `length` bytes from `offset`.
  public static Digest of(byte[] bytes, int offset, int length) {
    MessageDigest sha = sha256();
    sha.update(bytes, offset, length);
    return ofHash(sha.digest());
  }

  /// The digest of all that remains in a buffer.
  public static Digest of(ByteBuffer bytes) {
    MessageDigest sha = sha256();
    sha.update(bytes);
    return ofHash(sha.digest());
  }

  public static Digest of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /// Wraps 32 bytes that are a SHA-256 already.
  public static Digest ofHash(byte[] hash) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + hash.length);
    }
    return read(ByteBuffer.wrap(hash));
  }

  /// Reads 32 bytes and moves the position.
  public static Digest read(ByteBuffer in) {
    return new Digest(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /// Reads 64 lower-case hex digits.
  public static Digest parse(String hex) {
    return ofHash(HexFormat.of().parseHex(hex));
  }

  /// A fresh SHA-256; every JDK has it.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(word0)
        .putLong(word1)
        .putLong(word2)
        .putLong(word3)
        .array();
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(word0, other.word0);
    if (order == 0) {
      order = Long.compareUnsigned(word1, other.word1);
    }
    if (order == 0) {
      order = Long.compareUnsigned(word2, other.word2);
    }
    return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
  }

  /// 64 lower-case hex digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
