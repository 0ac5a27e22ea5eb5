package dev.dassie.executor.container;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.Wipe;
import dev.dassie.job.Disclosure.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Secrets as files in the memory of this machine, in a folder that only the server can enter; each
/// is shown to one container.
final class HostSecrets implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Optional<Path> folder;

  /// Where each stands here, by its path in the container.
  private final Map<String, Path> files;

  private HostSecrets(Optional<Path> folder, Map<String, Path> files) {
    this.folder = folder;
    this.files = files;
  }

  static HostSecrets write(List<SecretFile> secrets) throws IOException {
    if (secrets.isEmpty()) {
      return new HostSecrets(Optional.empty(), Map.of());
    }
    Path folder =
        Files.createTempDirectory(
            MEMORY,
            "dassie-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    HostSecrets written = new HostSecrets(Optional.of(folder), new LinkedHashMap<>());
    try {
      for (SecretFile secret : secrets) {
        Path file = folder.resolve(Integer.toString(written.files.size()));
        Files.write(file, secret.bytes());
        Permissions.read(file);
        written.files.put(secret.path(), file);
      }
      return written;
    } catch (IOException e) {
      written.close();
      throw e;
    }
  }

  Map<String, Path> files() {
    return files;
  }

  @Override
  public void close() {
    try {
      if (folder.isPresent()) {
        Wipe.tree(folder.get());
      }
    } catch (IOException e) {
      System.getLogger("dassie.executor")
          .log(System.Logger.Level.WARNING, "The folder `" + folder.get() + "` stays", e);
    }
  }
}
