package dev.dassie.executor.process;

import dev.dassie.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// SHA-256 of programs, computed again only when path, size or time of change differ. Thread-safe.
final class FileDigests {
  private static final int MAX_ENTRIES = 10_000;

  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(long size, FileTime changed, Optional<Object> inode, Digest digest) {}

  Digest of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    Optional<Object> inode = Optional.ofNullable(now.fileKey());
    Known before = known.get(file);
    if (before != null
        && before.size() == now.size()
        && before.changed().equals(now.lastModifiedTime())
        && before.inode().equals(inode)) {
      return before.digest();
    }
    MessageDigest sha = Digest.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
      }
    }
    Digest digest = Digest.ofHash(sha.digest());
    if (known.size() >= MAX_ENTRIES) {
      known.clear();
    }
    known.put(file, new Known(now.size(), now.lastModifiedTime(), inode, digest));
    return digest;
  }
}
