package dev.dassie.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/// A range of a file, to be sent as often as it takes, with the checksum that goes before it.
final class Piece {
  private static final int STEP = 64 << 10;

  private final Path file;
  private final long start;
  private final long length;
  private final @Nullable String md5;
  private final @Nullable String crc32c;

  Piece(Path file, long start, long length, S3Address.Checksum checksum) throws IOException {
    this.file = file;
    this.start = start;
    this.length = length;
    md5 = checksum == S3Address.Checksum.MD5 ? md5Of() : null;
    crc32c = checksum == S3Address.Checksum.CRC32C ? crc32cOf() : null;
  }

  long length() {
    return length;
  }

  /// In base 64; null where it is not wanted.
  @Nullable String md5() {
    return md5;
  }

  /// In base 64; null where it is not wanted.
  @Nullable String crc32c() {
    return crc32c;
  }

  /// What is sent in one try; `progress` hears of each step.
  RequestBody body(Calls.Progress progress) {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return new Range(progress);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        length,
        "application/octet-stream");
  }

  private String md5Of() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[STEP];
      try (InputStream in = new Range(new Calls.Progress())) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private String crc32cOf() throws IOException {
    CRC32C sum = new CRC32C();
    byte[] buffer = new byte[STEP];
    try (InputStream in = new Range(new Calls.Progress())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sum.update(buffer, 0, n);
      }
    }
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  /// The bytes of the range, and no more.
  private final class Range extends InputStream {
    private final InputStream in;
    private final Calls.Progress progress;
    private long left = length;

    Range(Calls.Progress progress) throws IOException {
      this.progress = progress;
      in = Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ).position(start));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(Math.min(count, STEP), left));
      if (n > 0) {
        left -= n;
        progress.moved();
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
