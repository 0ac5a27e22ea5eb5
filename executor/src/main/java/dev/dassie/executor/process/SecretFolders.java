package dev.dassie.executor.process;

import dev.dassie.job.Disclosure.SecretFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Where the secrets of a datum stand in its root. A folder of the host in which one is to appear
/// is shown entry by entry, since nothing can be made in what is bound read-only.
final class SecretFolders {
  private final Set<Path> opened = new TreeSet<>();
  private final Set<Path> folders = new TreeSet<>();
  private final List<SecretFile> files = new ArrayList<>();

  /// Paths of the host that are links are followed, as the datum will.
  SecretFolders(List<SecretFile> wanted) throws IOException {
    for (SecretFile file : wanted) {
      Path path = Path.of(file.path());
      Path folder = real(Optional.ofNullable(path.getParent()).orElse(path));
      folders.add(folder);
      files.add(new SecretFile(folder.resolve(path.getFileName()).toString(), file.bytes()));
      for (Path above = folder.getParent(); above != null; above = above.getParent()) {
        opened.add(above);
      }
    }
  }

  /// The folders that are to hold them.
  Set<Path> folders() {
    return folders;
  }

  /// The files at their places.
  List<SecretFile> files() {
    return files;
  }

  /// Adds the steps that show a folder of the host; false where it can be bound as a whole.
  boolean open(Path folder, List<RootPlan.Step> steps) throws IOException {
    if (folders.contains(folder)) {
      steps.add(new RootPlan.Step('D', folder.toString(), "0755"));
      return true; // as a mount would, the secret covers what the host has there
    }
    if (!opened.contains(folder)) {
      return false;
    }
    steps.add(new RootPlan.Step('D', folder.toString(), "0755"));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isSymbolicLink(entry)) {
          String target = Files.readSymbolicLink(entry).toString();
          steps.add(new RootPlan.Step('L', target, entry.toString()));
        } else if (!open(entry, steps)) {
          steps.add(new RootPlan.Step('O', entry.toString(), entry.toString()));
        }
      }
    }
    return true;
  }

  /// The path with the links of its longest part that is there followed.
  private static Path real(Path path) throws IOException {
    Path there = path;
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(there.relativize(path));
  }
}
