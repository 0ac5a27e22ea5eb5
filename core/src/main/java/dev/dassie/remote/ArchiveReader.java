package dev.dassie.remote;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.remote.ArchiveFormat.Kind;
import dev.dassie.remote.ArchiveFormat.Scope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// Reads the frames of an archive; refuses what is no archive, damaged or not whole
/// (`Fault.Invalid`), with the byte where it was found. Holds one frame. Not thread-safe.
final class ArchiveReader implements AutoCloseable {
  /// What refusals are about.
  static final String SUBJECT = "The archive";

  private static final int BUFFER = 1 << 16;

  private final MessageDigest digest = Digest.sha256();
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final InputStream in;
  private final Scope scope;
  private long frames;

  /// Where the frame that was read last begins, and where the next one does.
  private long position;

  private long following = ArchiveFormat.START;

  ArchiveReader(InputStream from) throws IOException {
    this.in = new BufferedInputStream(from, BUFFER);
    byte[] start = in.readNBytes(ArchiveFormat.START);
    int magic = ArchiveFormat.MAGIC.length;
    if (start.length < ArchiveFormat.START
        || !Arrays.equals(start, 0, magic, ArchiveFormat.MAGIC, 0, magic)) {
      throw refusal("no archive");
    }
    if (start[magic] != ArchiveFormat.VERSION) {
      throw new Fault.Unsupported(
              "version %d of the archive format".formatted(start[magic]),
              Optional.of("A newer Dassie wrote it; this one reads version 1."))
          .asException();
    }
    this.scope = scope(start[magic + 1]);
    digest.update(start);
  }

  private static Scope scope(int code) {
    for (Scope scope : Scope.values()) {
      if (scope.code() == code) {
        return scope;
      }
    }
    throw refusal("damaged at byte 9");
  }

  Scope scope() {
    return scope;
  }

  /// Where the frame begins that was read last.
  long position() {
    return position;
  }

  /// The next frame; empty behind the last one, when all before it was found whole.
  Optional<Frame> next() throws IOException {
    position = following;
    byte[] head = in.readNBytes(ArchiveFormat.HEAD);
    if (head.length < ArchiveFormat.HEAD) {
      throw cut(head.length);
    }
    ByteBuffer fields = ByteBuffer.wrap(head);
    Kind kind = Kind.of(fields.get()).orElseThrow(this::damaged);
    int codec = fields.get();
    int raw = fields.getInt();
    int length = fields.getInt();
    boolean sound =
        raw >= 0
            && raw <= kind.most()
            && (codec == ArchiveFormat.RAW
                ? length == raw
                : codec == ArchiveFormat.ZSTD && length >= 0 && length < raw);
    if (!sound) {
      throw damaged();
    }
    byte[] stored = in.readNBytes(length);
    if (stored.length < length) {
      throw cut(head.length + stored.length);
    }
    if (ArchiveFormat.checksum(head, stored, length) != fields.getInt()) {
      throw damaged();
    }
    if (kind == Kind.END) {
      end(stored);
      return Optional.empty();
    }
    digest.update(head);
    digest.update(stored);
    frames++;
    byte[] bytes = codec == ArchiveFormat.RAW ? stored : unpacked(stored, raw);
    following = position + ArchiveFormat.HEAD + length;
    return Optional.of(new Frame(kind, bytes));
  }

  private byte[] unpacked(byte[] stored, int raw) {
    byte[] bytes = new byte[raw];
    try {
      if (zstd.decompressByteArray(bytes, 0, raw, stored, 0, stored.length) == raw) {
        return bytes;
      }
    } catch (ZstdException e) {
      throw damaged();
    }
    throw damaged();
  }

  private void end(byte[] sum) throws IOException {
    byte[] whole =
        ByteBuffer.allocate(Long.BYTES + Digest.BYTES).putLong(frames).put(digest.digest()).array();
    if (!Arrays.equals(sum, whole)) {
      throw refusal("damaged: its digest is another");
    }
    if (in.read() >= 0) {
      throw refusal("followed by more bytes, behind byte %d".formatted(position));
    }
  }

  /// What to say of a frame that is whole and still not right.
  static RuntimeException broken(long position, String why) {
    return refusal("damaged at byte %d: %s".formatted(position, why));
  }

  private RuntimeException damaged() {
    return refusal("damaged at byte %d".formatted(position));
  }

  private RuntimeException cut(int read) {
    return refusal("cut off at byte %d".formatted(position + read));
  }

  static RuntimeException refusal(String found) {
    return new Fault.Invalid(
            SUBJECT,
            found,
            "a whole one that `dassie export` wrote",
            Optional.of("Nothing was imported."))
        .asException();
  }

  @Override
  public void close() {
    zstd.close();
  }
}
