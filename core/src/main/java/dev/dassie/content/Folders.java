package dev.dassie.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Durable changes to folders. A file that was created, renamed or linked survives a power cut only
/// after its folder was synced, and a folder only after the one above it. Thread-safe.
public final class Folders {
  private Folders() {}

  /// Makes the entries of a folder durable.
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Makes a folder, and those above it that are missing, durably. Folders that are there may have
  /// been made by a process that was killed before it synced, so those above are synced in any
  /// case, as far as they let us.
  public static void createDurably(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      sync(above);
    }
    while (above != null) {
      above = above.getParent();
      if (above != null && Files.isReadable(above)) {
        tryToSync(above);
      }
    }
  }

  private static void tryToSync(Path folder) {
    try {
      sync(folder);
    } catch (IOException e) {
      System.getLogger(Folders.class.getName())
          .log(System.Logger.Level.DEBUG, "The folder `" + folder + "` cannot be synced.", e);
    }
  }
}
