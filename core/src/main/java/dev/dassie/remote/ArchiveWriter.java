package dev.dassie.remote;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.remote.ArchiveFormat.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

/// Writes the frames of an archive (docs/format.md, "Archives"). Holds one frame. Not thread-safe.
final class ArchiveWriter implements AutoCloseable {
  private static final int LEVEL = 1;

  private final MessageDigest digest = Digest.sha256();
  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
  private final OutputStream out;
  private byte[] scratch = new byte[0];
  private long frames;

  /// The stream stays the caller's to close.
  ArchiveWriter(ArchiveFormat.Scope scope, OutputStream to) throws IOException {
    this.out = to;
    byte[] start = ArchiveFormat.start(scope);
    write(start, start.length);
  }

  /// Writes a frame, compressed where that saves at least a thirty-second.
  void frame(Kind kind, byte[] bytes) throws IOException {
    if (bytes.length > kind.most()) {
      throw new Fault.Conflict(
              "A record of %d bytes does not fit into an archive; expected at most %d."
                  .formatted(bytes.length, kind.most()),
              Optional.of("Metadata of a branch, repo or project is that large; delete some."))
          .asException();
    }
    int bound = Math.toIntExact(Zstd.compressBound(bytes.length));
    if (scratch.length < bound) {
      scratch = new byte[bound];
    }
    int packed = zstd.compressByteArray(scratch, 0, scratch.length, bytes, 0, bytes.length);
    boolean saves = packed <= bytes.length - bytes.length / 32 - 1;
    int length = saves ? packed : bytes.length;
    byte[] stored = saves ? scratch : bytes;
    int codec = saves ? ArchiveFormat.ZSTD : ArchiveFormat.RAW;
    byte[] head = ArchiveFormat.head(kind, codec, bytes.length, stored, length);
    write(head, head.length);
    write(stored, length);
    frames++;
  }

  /// The last frame: without it the archive is not whole.
  void end() throws IOException {
    byte[] sum =
        ByteBuffer.allocate(Long.BYTES + Digest.BYTES).putLong(frames).put(digest.digest()).array();
    out.write(ArchiveFormat.head(Kind.END, ArchiveFormat.RAW, sum.length, sum, sum.length));
    out.write(sum);
    out.flush();
  }

  private void write(byte[] bytes, int length) throws IOException {
    digest.update(bytes, 0, length);
    out.write(bytes, 0, length);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
