package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.util.Base64;
import java.util.Locale;

/// A checksum of the bytes of a file, as a client gave it and the server found it right.
///
/// @param value the bytes in Base64
/// @param parts of how many parts it is the checksum of their checksums; 0 where it is that of all
///   bytes
public record Checksum(Algorithm algorithm, String value, int parts) {
  /// Codes are stored. Lengths are those of the bytes.
  public enum Algorithm {
    CRC32(1, 4),
    CRC32C(2, 4),
    CRC64NVME(3, 8),
    SHA1(4, 20),
    SHA256(5, 32),
    MD5(6, 16);

    private final int code;
    private final int length;

    Algorithm(int code, int length) {
      this.code = code;
      this.length = length;
    }

    /// As it is stored.
    public int code() {
      return code;
    }

    /// The algorithm that is stored so.
    public static Algorithm of(int code) {
      for (Algorithm algorithm : values()) {
        if (algorithm.code == code) {
          return algorithm;
        }
      }
      throw new Fault.Corrupt("A checksum", "an algorithm 1 to 6", Integer.toString(code))
          .asException();
    }

    /// Bytes of a checksum.
    public int length() {
      return length;
    }
  }

  /// Another length, or no Base64: `Fault.Invalid`.
  public Checksum {
    if (parts < 0) {
      throw new IllegalArgumentException(parts + " parts");
    }
    if (!fits(algorithm, value)) {
      String shown = value.length() > 100 ? value.substring(0, 100) + "…" : value;
      throw new Fault.Invalid(
              "The checksum " + algorithm.name().toLowerCase(Locale.ROOT),
              shown,
              "%d bytes in Base64".formatted(algorithm.length()))
          .asException();
    }
  }

  /// Of all bytes of a file.
  public static Checksum whole(Algorithm algorithm, byte[] bytes) {
    return new Checksum(algorithm, Base64.getEncoder().encodeToString(bytes), 0);
  }

  /// The bytes.
  public byte[] bytes() {
    return Base64.getDecoder().decode(value);
  }

  private static boolean fits(Algorithm algorithm, String value) {
    try {
      return value.length() <= 64 && Base64.getDecoder().decode(value).length == algorithm.length();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
