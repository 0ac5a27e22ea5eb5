package dev.dassie.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

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

  /// Makes a folder and those above it that are missing, without syncing; returns the folders that
  /// hold a new entry, the topmost first: they are to be synced.
  public static Deque<Path> create(Path folder) throws IOException {
    Deque<Path> changed = new ArrayDeque<>();
    Path missing = folder.toAbsolutePath();
    while (!Files.isDirectory(missing)) {
      Path above = missing.getParent();
      if (above == null) {
        break;
      }
      changed.addFirst(above);
      missing = above;
    }
    Files.createDirectories(folder);
    return changed;
  }

  /// Makes a folder, and those above it that are missing, durably.
  public static void createDurably(Path folder) throws IOException {
    for (Path changed : create(folder)) {
      sync(changed);
    }
  }
}
