package dev.dassie.executor.datum;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;

/// Empties folders that hostile code may have filled: never follows a link, and needs neither deep
/// paths nor a deep stack, since folders are first moved up to the top.
public final class Wipe {
  private Wipe() {}

  /// Removes all that is in `folder`. Nobody else may write to it meanwhile.
  public static void contents(Path folder) throws IOException {
    Deque<Path> waiting = new ArrayDeque<>();
    long moved = empty(folder, folder, waiting, 0);
    while (!waiting.isEmpty()) {
      Path next = waiting.pop();
      allow(next);
      moved = empty(next, folder, waiting, moved);
      Files.delete(next);
    }
  }

  /// Removes `folder` too.
  public static void tree(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      contents(folder);
    }
    Files.deleteIfExists(folder);
  }

  private static long empty(Path folder, Path top, Deque<Path> waiting, long moved)
      throws IOException {
    long count = moved;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(entry);
        } else if (folder.equals(top)) {
          waiting.add(entry);
        } else if (!deleteIfEmpty(entry)) {
          allow(entry);
          Path place = top.resolve(".wiped-" + Long.toHexString(System.nanoTime()) + "-" + count++);
          Files.move(entry, place);
          waiting.add(place);
        }
      }
    }
    return count;
  }

  private static boolean deleteIfEmpty(Path folder) {
    try {
      Files.delete(folder);
      return true;
    } catch (FileSystemException e) {
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static void allow(Path folder) throws IOException {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (AccessDeniedException e) {
      throw new IOException("cannot clear `" + folder + "`", e);
    }
  }
}
