package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts the inputs of a datum into the folder that it sees as `/pfs`, as real files. What the next
/// datum of the slot shares with the last stays. Used by one thread at a time.
public final class Staging {
  private static final int MAX_NAME = 255;
  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> WRITABLE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("r-xr-xr-x");

  private final Path folder;
  private final boolean reusable;
  private final FileCache cache;
  private Map<String, List<Shown>> present = new HashMap<>();

  /// Whether this process may not write to a file that it made read-only: all but root may not.
  private boolean locked;

  /// @param folder what the datum sees as `/pfs`
  /// @param reusable whether datums cannot change it
  public Staging(Path folder, boolean reusable, FileCache cache) {
    this.folder = folder;
    this.reusable = reusable;
    this.cache = cache;
  }

  private record Shown(Entry match, boolean emptyFiles) {}

  /// Shows exactly these parts.
  public void show(List<Task.Part> parts, Filesets files, ChunkStore.Session session)
      throws IOException, DatumRefusal {
    Map<String, List<Shown>> wanted = new LinkedHashMap<>();
    for (Task.Part part : parts) {
      wanted
          .computeIfAbsent(part.name(), name -> new ArrayList<>())
          .add(new Shown(part.match(), part.emptyFiles()));
    }
    Map<String, List<Shown>> before = present;
    present = new HashMap<>();
    Set<String> made = new HashSet<>();
    for (Map.Entry<String, List<Shown>> input : before.entrySet()) {
      Path root = folder.resolve(input.getKey());
      List<Shown> next = wanted.getOrDefault(input.getKey(), List.of());
      if (!reusable || next.isEmpty()) {
        Wipe.tree(root);
      } else if (replace(input.getKey(), input.getValue(), next, files)) {
        present.put(input.getKey(), next);
      } else if (!input.getValue().equals(next)) {
        clear(input.getValue(), root);
        made.add(input.getKey());
      } else {
        present.put(input.getKey(), next);
      }
    }
    for (Map.Entry<String, List<Shown>> input : wanted.entrySet()) {
      if (!present.containsKey(input.getKey())) {
        present.put(input.getKey(), List.of()); // so that a half of it is wiped the next time
        Path root = folder.resolve(input.getKey());
        if (!made.contains(input.getKey())) {
          Files.createDirectories(root);
        }
        for (Shown shown : input.getValue()) {
          put(shown, root, files, session);
        }
        present.put(input.getKey(), input.getValue());
      }
    }
  }

  /// One small file that comes instead of another takes its place on the disk, which costs the file
  /// system half of a removal and a new file.
  private boolean replace(String input, List<Shown> shown, List<Shown> next, Filesets files)
      throws IOException, DatumRefusal {
    Optional<Entry.File> old = small(shown);
    Optional<Entry.File> now = small(next);
    if (shown.equals(next)
        || old.isEmpty()
        || now.isEmpty()
        || old.get().executable() != now.get().executable()) {
      return false;
    }
    present.put(input, List.of()); // so that a half of it is wiped the next time
    Path root = folder.resolve(input);
    Path before = HostNames.child(root, old.get().path().name());
    Path place = HostNames.child(root, checked(now.get().path().name(), now.get().path()));
    try (FileChannel channel = writable(before)) {
      Files.move(before, place, StandardCopyOption.ATOMIC_MOVE);
      try (InputStream in = files.open(now.get())) {
        in.transferTo(Channels.newOutputStream(channel));
      }
      if (old.get().size() > now.get().size()) {
        channel.truncate(now.get().size());
      }
    }
    if (locked) {
      Files.setPosixFilePermissions(place, now.get().executable() ? EXECUTABLE : PLAIN);
    }
    return true;
  }

  private FileChannel writable(Path file) throws IOException {
    try {
      if (locked) {
        Files.setPosixFilePermissions(file, WRITABLE);
      }
      return FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      if (locked) {
        throw e;
      }
      locked = true;
      return writable(file);
    }
  }

  private static Optional<Entry.File> small(List<Shown> shown) {
    return shown.size() == 1
            && shown.getFirst() instanceof Shown(Entry.File file, boolean empty)
            && !empty
            && file.size() > 0
            && file.size() < FileCache.SMALLEST
            && file.path().parts().size() == 1
        ? Optional.of(file)
        : Optional.empty();
  }

  /// Removes what stands in the folder of an input, where datums change nothing. Most have one
  /// file.
  private static void clear(List<Shown> shown, Path root) throws IOException {
    if (shown.size() == 1
        && shown.getFirst().match() instanceof Entry.File file
        && file.path().parts().size() == 1) {
      Files.delete(HostNames.child(root, file.path().name()));
    } else {
      Wipe.contents(root);
    }
  }

  private void put(Shown shown, Path root, Filesets files, ChunkStore.Session session)
      throws IOException, DatumRefusal {
    if (shown.match() instanceof Entry.Directory directory) {
      tree(directory, directory.path(), root, shown.emptyFiles(), files, session);
    } else if (shown.match() instanceof Entry.File file) {
      file(file, file.path(), root, shown.emptyFiles(), files);
    }
  }

  /// Writes all files of a directory beneath `root`.
  public void tree(
      Entry.Directory directory,
      FilePath at,
      Path root,
      boolean empty,
      Filesets files,
      ChunkStore.Session session)
      throws IOException, DatumRefusal {
    folder(at, root);
    Fileset all = files.of(directory, session);
    Iterator<Entry.File> walk = files.walk(all, FilePath.ROOT, Optional.empty());
    while (walk.hasNext()) {
      Entry.File file = walk.next();
      file(file, file.path().under(at), root, empty, files);
    }
  }

  private void file(Entry.File file, FilePath at, Path root, boolean empty, Filesets files)
      throws IOException, DatumRefusal {
    Path parent = folder(at.isRoot() ? at : at.parent(), root);
    Path place = HostNames.child(parent, checked(at.name(), at));
    if (!empty && file.size() >= FileCache.SMALLEST && reusable) {
      cache.link(files, file.body(), file.executable(), place);
      return;
    }
    if (empty || file.size() == 0) {
      Files.createFile(place);
    } else {
      try (InputStream in = files.open(file)) {
        Files.copy(in, place);
      }
    }
    Files.setPosixFilePermissions(place, file.executable() ? EXECUTABLE : PLAIN);
  }

  private static Path folder(FilePath path, Path root) throws IOException, DatumRefusal {
    Path at = root;
    for (String part : path.parts()) {
      at = HostNames.child(at, checked(part, path));
    }
    if (!at.equals(root)) {
      Files.createDirectories(at);
    }
    return at;
  }

  private static String checked(String name, FilePath path) throws DatumRefusal {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      throw new DatumRefusal(
          "The input `"
              + path
              + "` has a name of more than 255 bytes, which no file system can hold.");
    }
    return name;
  }
}
