package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether a local file has the bytes of one on the server, found without sending either.
final class SameBytes {
  /// What hashes of files of several chunks begin with.
  static final String IN_CHUNKS = "02:";

  private static final int BUFFER = 1 << 17;

  private SameBytes() {}

  static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Cuts the local file where the server says that its own is cut, and compares piece by piece.
  static boolean inChunks(Session session, Address there, String path, Path file)
      throws IOException {
    Request request = Request.get(there.commitUrl() + "/chunks").with("path", path);
    try (Lines chunks = session.api().lines(request);
        InputStream bytes = Files.newInputStream(file)) {
      for (Optional<JsonNode> chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) {
        int size = chunk.get().path("size_bytes").asInt();
        byte[] local = bytes.readNBytes(size);
        String hash = HexFormat.of().formatHex(digest().digest(local));
        if (local.length < size || !hash.equals(chunk.get().path("sha256").asString(""))) {
          return false;
        }
      }
      return bytes.read() < 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
