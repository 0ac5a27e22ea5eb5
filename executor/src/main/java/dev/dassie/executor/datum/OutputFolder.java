package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Takes what a datum left in `/pfs/out`. The datum's processes are gone, so nothing changes under
/// the walk; what they left may be anything, so no link is followed but by [OutputLinks].
public final class OutputFolder {
  private final Path folder;
  private final Path spill;

  /// @param folder what the datum saw as `/pfs/out`
  public OutputFolder(Path folder, Path spill) {
    this.folder = folder;
    this.spill = spill;
  }

  private record Found(Path path, FilePath name) {}

  public boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  /// Stores all files. Anything that is no file is refused with its path, and more than may be with
  /// its limit.
  public Fileset collect(
      OutputLinks links, Filesets files, ChunkStore.Session session, Bounds bounds)
      throws IOException, DatumRefusal {
    try (Edits edits = new Edits(spill)) {
      Taking taking = new Taking(edits, links, files, session, bounds);
      Deque<Found> folders = new ArrayDeque<>();
      folders.add(new Found(folder, FilePath.ROOT));
      while (!folders.isEmpty()) {
        Found next = folders.pop();
        allow(next.path());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(next.path())) {
          for (Path entry : entries) {
            taking.take(entry, name(next.name(), entry), folders);
          }
        }
      }
      return files.apply(Filesets.EMPTY, edits, session);
    }
  }

  private static FilePath name(FilePath parent, Path entry) throws DatumRefusal {
    Path last = entry.getFileName();
    String shown = parent.isRoot() ? "/pfs/out/" + last : "/pfs/out" + parent + "/" + last;
    Optional<String> name = last == null ? Optional.empty() : HostNames.text(last);
    if (name.isEmpty()) {
      throw new DatumRefusal("The name of the output `" + shown + "` is not valid UTF-8.");
    }
    String path = parent.isRoot() ? name.get() : parent.value() + "/" + name.get();
    Optional<String> rule = FilePath.check(path);
    if (rule.isPresent()) {
      String start = path.length() > 200 ? path.substring(0, 200) + "…" : path;
      throw new DatumRefusal(
          "The output `/pfs/out/" + start + "` cannot be stored, expected " + rule.get() + ".");
    }
    return new FilePath(path);
  }

  /// Whether what lies here is more than may be; stops counting there.
  public boolean breaks(Bounds.Limit limit) throws IOException {
    long size = 0;
    Deque<Path> folders = new ArrayDeque<>(List.of(folder));
    while (!folders.isEmpty() && !limit.isBroken(size)) {
      Path next = folders.pop();
      allow(next);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(next)) {
        for (Path entry : entries) {
          BasicFileAttributes found =
              Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (found.isDirectory()) {
            folders.push(entry);
          } else if (found.isRegularFile()) {
            size += found.size();
          }
        }
      }
    }
    return limit.isBroken(size);
  }

  /// Takes entries one by one. Files count as much as is stored for them: also holes, and each link
  /// to a file.
  private static final class Taking {
    private final Edits edits;
    private final OutputLinks links;
    private final Filesets files;
    private final ChunkStore.Session session;
    private final Bounds bounds;
    private long size;

    Taking(
        Edits edits, OutputLinks links, Filesets files, ChunkStore.Session session, Bounds bounds) {
      this.edits = edits;
      this.links = links;
      this.files = files;
      this.session = session;
      this.bounds = bounds;
    }

    void take(Path entry, FilePath name, Deque<Found> folders) throws IOException, DatumRefusal {
      PosixFileAttributes found =
          Files.readAttributes(entry, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isDirectory()) {
        folders.push(new Found(entry, name));
      } else if (found.isRegularFile()) {
        boolean executable = found.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        edits.add(new Edit.Put(name, executable, stored(entry, found.size()), Optional.empty()));
      } else if (found.isSymbolicLink()) {
        switch (links.resolve(name)) {
          case OutputLinks.Input input ->
              edits.add(
                  new Edit.Put(
                      name, input.file().executable(), input.file().body(), Optional.empty()));
          case OutputLinks.Output output -> {
            Body body = stored(output.path(), Files.size(output.path()));
            edits.add(new Edit.Put(name, output.executable(), body, Optional.empty()));
          }
        }
      } else {
        throw new DatumRefusal(
            "The output `/pfs/out" + name + "` is " + kind(entry) + "; only files can be stored.");
      }
    }

    private Body stored(Path file, long bytes) throws IOException, DatumRefusal {
      size += bytes;
      if (bounds.disk().isBroken(size)) {
        throw new DatumRefusal(bounds.tooMuchOutput());
      }
      return store(file, files, session);
    }
  }

  private static String kind(Path entry) throws IOException {
    int mode = (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return switch (mode & 0170000) {
      case 0140000 -> "a socket";
      case 0010000 -> "a FIFO";
      case 0060000, 0020000 -> "a device";
      default -> "no regular file";
    };
  }

  /// The owner may have taken the right to look from itself.
  private static void allow(Path folder) throws IOException {
    if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static Body store(Path file, Filesets files, ChunkStore.Session session)
      throws IOException {
    if (!Files.isReadable(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return files.write(in, session);
    }
  }
}
