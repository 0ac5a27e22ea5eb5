package dev.dassie.remote;

import dev.dassie.content.ChunkStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The frames of archives (docs/format.md, "Archives").
final class ArchiveFormat {
  static final byte[] MAGIC = "DASSIEAR".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;

  /// Bytes before the first frame, and before the bytes of each frame.
  static final int START = 16;

  static final int HEAD = 14;

  /// The longest item: a commit of 1 MiB, a job with much text, a result.
  static final int MAX_ITEM = 8 << 20;

  static final int RAW = 0;
  static final int ZSTD = 1;

  private ArchiveFormat() {}

  /// What an archive holds; codes are stored.
  enum Scope {
    REPOS(1),
    INSTANCE(2);

    private final int code;

    Scope(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /// What a frame holds; codes are stored.
  enum Kind {
    DATA(1),
    TREE(2),
    VERSION(3),
    PIPELINE(4),
    JOB(5),
    RESULT(6),
    RESULTS(7),
    END(15);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Optional<Kind> of(int code) {
      return Stream.of(values()).filter(kind -> kind.code == code).findFirst();
    }

    boolean isChunk() {
      return this == DATA || this == TREE;
    }

    int most() {
      return isChunk() ? ChunkStore.MAX_CHUNK : MAX_ITEM;
    }
  }

  /// What a frame holds, decoded.
  record Frame(Kind kind, byte[] bytes) {}

  static byte[] start(Scope scope) {
    return ByteBuffer.allocate(START)
        .put(MAGIC)
        .put((byte) VERSION)
        .put((byte) scope.code())
        .array();
  }

  /// The head of a frame, its checksum included.
  static byte[] head(Kind kind, int codec, int raw, byte[] stored, int length) {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    head.put((byte) kind.code()).put((byte) codec).putInt(raw).putInt(length);
    return head.putInt(checksum(head.array(), stored, length)).array();
  }

  /// CRC-32C of the head before the checksum, and of the stored bytes.
  static int checksum(byte[] head, byte[] stored, int length) {
    CRC32C crc = new CRC32C();
    crc.update(head, 0, HEAD - Integer.BYTES);
    crc.update(stored, 0, length);
    return (int) crc.getValue();
  }
}
