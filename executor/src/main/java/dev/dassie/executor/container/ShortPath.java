package dev.dassie.executor.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Paths of sockets in a folder, which may have 107 bytes (unix(7)): a longer folder is reached
/// through a link in the folder of temporary files.
final class ShortPath implements AutoCloseable {
  private static final int LONGEST = 107;

  /// What the names beneath the folder take.
  private static final int BENEATH = 40;

  private final Path folder;
  private final Optional<Path> link;

  ShortPath(Path folder) throws IOException {
    this.folder = folder;
    if (folder.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
        <= LONGEST - BENEATH) {
      this.link = Optional.empty();
      return;
    }
    Path place =
        Files.createTempDirectory(
            Path.of("/tmp"),
            "dassie-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.link = Optional.of(Files.createSymbolicLink(place.resolve("run"), folder));
  }

  /// Another path of a file in the folder.
  Path of(Path file) {
    return link.map(start -> start.resolve(folder.relativize(file))).orElse(file);
  }

  @Override
  public void close() {
    try {
      if (link.isPresent()) {
        Files.deleteIfExists(link.get());
        Files.deleteIfExists(Optional.ofNullable(link.get().getParent()).orElse(link.get()));
      }
    } catch (IOException e) {
      System.getLogger("dassie.executor")
          .log(System.Logger.Level.DEBUG, "removing a link for sockets", e);
    }
  }
}
