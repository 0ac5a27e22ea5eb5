package dev.dassie.store.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Lists keys in order. Folders sort as their name and a slash, which is their place in the order
/// of whole keys; those that cannot hold a wanted key are not opened.
final class KeyWalk {
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<String> keys;

  KeyWalk(String prefix, String after, int limit, List<String> keys) {
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
    this.keys = keys;
  }

  /// Adds the keys beneath a folder whose keys start with `start`.
  void folder(Path folder, String start) throws IOException {
    List<String> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        String name = folder.relativize(child).toString();
        String key = start + name + (Files.isDirectory(child) ? "/" : "");
        if (!key.equals("tmp/") && wanted(key)) {
          children.add(key);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
    children.sort(null);
    for (String key : children) {
      if (keys.size() >= limit) {
        return;
      }
      if (key.endsWith("/")) {
        folder(folder.resolve(key.substring(start.length(), key.length() - 1)), key);
      } else {
        keys.add(key);
      }
    }
  }

  private boolean wanted(String key) {
    if (key.endsWith("/")) {
      boolean mayMatch = key.startsWith(prefix) || prefix.startsWith(key);
      return mayMatch && (key.compareTo(after) > 0 || after.startsWith(key));
    }
    return key.startsWith(prefix) && key.compareTo(after) > 0;
  }
}
