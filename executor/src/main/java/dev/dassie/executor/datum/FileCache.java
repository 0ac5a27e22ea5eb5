package dev.dassie.executor.datum;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/// Large input files on disk, each written once and then linked into the datums that need it. The
/// oldest go when the limit is passed; datums keep their links. Thread-safe.
public final class FileCache {
  /// Smaller files are written anew for each datum: as cheap as a link.
  public static final long SMALLEST = 256 << 10;

  private final Path folder;
  private final long limit;
  private final Map<Key, Path> present = new LinkedHashMap<>(16, 0.75f, true);
  private long total;
  private long made;

  public FileCache(Path folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  private record Key(Hash hash, long size, boolean executable) {}

  /// Makes `place` a link to the file, which has mode 0444 or 0555.
  public void link(Filesets files, Body body, boolean executable, Path place) throws IOException {
    Key key = new Key(body.hash(), body.size(), executable);
    if (linkPresent(key, place)) {
      return;
    }
    Path fresh = write(files, body, executable);
    Files.createLink(place, fresh);
    keep(key, fresh);
  }

  private synchronized boolean linkPresent(Key key, Path place) throws IOException {
    Path file = present.get(key);
    if (file == null) {
      return false;
    }
    Files.createLink(place, file);
    return true;
  }

  private Path write(Filesets files, Body body, boolean executable) throws IOException {
    Path fresh;
    synchronized (this) {
      fresh = folder.resolve(Long.toString(made++));
    }
    try (InputStream in = files.open(body)) {
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setPosixFilePermissions(
        fresh, PosixFilePermissions.fromString(executable ? "r-xr-xr-x" : "r--r--r--"));
    return fresh;
  }

  private synchronized void keep(Key key, Path fresh) throws IOException {
    if (present.containsKey(key) || key.size() > limit) {
      Files.delete(fresh); // another datum was faster, or it is too large: the link stays
      return;
    }
    present.put(key, fresh);
    total += key.size();
    while (total > limit) {
      Map.Entry<Key, Path> oldest = present.entrySet().iterator().next();
      present.remove(oldest.getKey());
      total -= oldest.getKey().size();
      Files.deleteIfExists(oldest.getValue());
    }
  }
}
