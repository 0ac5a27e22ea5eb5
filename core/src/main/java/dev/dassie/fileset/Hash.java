package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;

/// The content hash of a file or directory (design S6): what the digest was taken over, and the
/// digest. Equal hashes mean equal content.
public record Hash(Algorithm algorithm, Digest digest) {
  /// What a digest was taken over. Codes are stored.
  public enum Algorithm {
    /// The file's bytes: a file that is one chunk.
    BYTES(1),
    /// The root node of the file's recipe: a file of several chunks.
    RECIPE(2),
    /// The root node of a directory.
    DIRECTORY(3),
    /// Location, size and version of a file that lies elsewhere, not its bytes.
    REFERENCE(4);

    private final int code;

    Algorithm(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /// Writes the code of the algorithm as u8, then the digest.
  public void write(Encoder out) {
    out.u8(algorithm.code()).digest(digest);
  }

  /// Reads what [#write] wrote.
  public static Hash read(Decoder in) {
    int code = in.u8();
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.code() == code) {
        return new Hash(algorithm, in.digest());
      }
    }
    throw new Fault.Corrupt("A content hash", "an algorithm", Integer.toString(code)).asException();
  }

  /// 64 hex digits for plain SHA-256, else the algorithm as two digits and a colon before them.
  @Override
  public String toString() {
    return algorithm == Algorithm.BYTES
        ? digest.toString()
        : "%02x:%s".formatted(algorithm.code(), digest);
  }
}
