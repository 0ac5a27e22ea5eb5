package dev.dassie.server.s3.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// The checksums that S3 has beside MD5. Values are base64, of the big-endian bytes of a CRC.
public enum ChecksumKind {
  CRC32(4),
  CRC32C(4),
  CRC64NVME(8),
  SHA1(20),
  SHA256(32);

  private final int bytes;

  ChecksumKind(int bytes) {
    this.bytes = bytes;
  }

  /// As `x-amz-checksum-algorithm` has it.
  public String text() {
    return name();
  }

  /// Its header: `x-amz-checksum-crc32`.
  public String header() {
    return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
  }

  /// Its element in documents.
  public String element() {
    return "Checksum" + name();
  }

  /// Bytes of a value.
  public int bytes() {
    return bytes;
  }

  /// Whether the value of a whole can be had from those of its parts.
  public boolean isLinear() {
    return this == CRC32 || this == CRC32C || this == CRC64NVME;
  }

  /// The one of a name, in any case.
  public static Optional<ChecksumKind> named(String text) {
    return Arrays.stream(values()).filter(kind -> kind.name().equalsIgnoreCase(text)).findFirst();
  }

  /// The one of a header, in any case.
  public static Optional<ChecksumKind> ofHeader(String header) {
    return Arrays.stream(values())
        .filter(kind -> kind.header().equalsIgnoreCase(header))
        .findFirst();
  }

  /// Whether the text can be a value.
  public boolean accepts(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length == bytes;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// One that runs.
  public interface Digest {
    void update(byte[] bytes, int offset, int length);

    /// The value; ends it.
    String base64();
  }

  /// Starts one.
  public Digest start() {
    return switch (this) {
      case CRC32 -> of(new CRC32());
      case CRC32C -> of(new CRC32C());
      case CRC64NVME -> of(new Crc64Nvme());
      case SHA1 -> of(digest("SHA-1"));
      case SHA256 -> of(digest("SHA-256"));
    };
  }

  /// A digest of the JDK, which every JDK has.
  public static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Digest of(Checksum checksum) {
    return new Digest() {
      @Override
      public void update(byte[] input, int offset, int length) {
        checksum.update(input, offset, length);
      }

      @Override
      public String base64() {
        byte[] value = ByteBuffer.allocate(8).putLong(checksum.getValue()).array();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(value, 8 - bytes, 8));
      }
    };
  }

  private static Digest of(MessageDigest digest) {
    return new Digest() {
      @Override
      public void update(byte[] input, int offset, int length) {
        digest.update(input, offset, length);
      }

      @Override
      public String base64() {
        return Base64.getEncoder().encodeToString(digest.digest());
      }
    };
  }
}
