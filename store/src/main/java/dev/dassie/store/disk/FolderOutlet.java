package dev.dassie.store.disk;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Folders;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Outlet;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Puts the files of outputs into folders of this machine, each whole or not at all. Folders that
/// it writes beneath must belong to those who may say what the server writes: a link there is
/// refused when it is seen, but whoever can make one between two looks is trusted. Thread-safe.
public final class FolderOutlet implements Outlet {
  private static final int MAX_NAME = 255;

  private final List<Path> allowed;

  /// @param allowed folders that may be written beneath; none where it is empty
  public FolderOutlet(List<Path> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  @Override
  public void check(Egress to) {
    Path _ = folder(to);
  }

  @Override
  public void write(
      Egress to,
      Fileset output,
      ChunkStore chunks,
      Optional<SecretValues> secret,
      BooleanSupplier stopped) {
    Path folder = folder(to);
    Filesets files = new Filesets(chunks);
    try {
      Folders.createDurably(folder);
      Iterator<Entry.File> all = files.walk(output, FilePath.ROOT, Optional.empty());
      while (all.hasNext()) {
        if (stopped.getAsBoolean()) {
          throw new Fault.Unavailable("The egress", "it was stopped").asException();
        }
        write(all.next(), folder, files, stopped);
      }
    } catch (IOException e) {
      throw ObjectStore.translate(folder.toString(), e);
    }
  }

  private static void write(Entry.File file, Path folder, Filesets files, BooleanSupplier stopped)
      throws IOException {
    Path parent = folder;
    List<String> parts = file.path().parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_NAME) {
        throw new Fault.Failed(
                "The file `%s` has a name of more than 255 bytes.".formatted(file.path()),
                Optional.empty())
            .asException();
      }
      if (i < parts.size() - 1) {
        parent = parent.resolve(parts.get(i));
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
          makeFolder(parent);
        }
      }
    }
    Path place = parent.resolve(parts.getLast());
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new Fault.Failed(
              "`%s` is a folder, where the file `%s` is to be.".formatted(place, file.path()),
              Optional.of("Remove it, or write to another place."))
          .asException();
    }
    Path fresh = Files.createTempFile(parent, ".dassie-", "");
    try {
      try (InputStream in = new Stoppable(files.open(file), stopped)) {
        Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setPosixFilePermissions(
          fresh, PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    Folders.sync(parent);
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new Fault.Failed(
              "`%s` is no folder, and files of the output are to be in it.".formatted(folder),
              Optional.of("Remove it, or write to another place."))
          .asException();
    }
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// The folder of a URL, where it lies beneath one that is allowed: its longest part that is there
  /// with all links followed.
  private Path folder(Egress to) {
    Path path = path(to.url());
    try {
      Path there = path;
      while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        there = there.getParent();
      }
      Path real = there.toRealPath().resolve(there.relativize(path)).normalize();
      for (Path folder : allowed) {
        if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
          return real;
        }
      }
    } catch (IOException e) {
      throw ObjectStore.translate(path.toString(), e);
    }
    throw new Fault.Invalid(
            "`egress.URL`",
            to.url(),
            allowed.isEmpty()
                ? "another kind of place: this server lets egress write to none of its folders"
                : "a place beneath `%s`"
                    .formatted(String.join("`, `", allowed.stream().map(Path::toString).toList())),
            Optional.of("`egress_allow` in the configuration names the folders."))
        .asException();
  }

  private static Path path(String url) {
    try {
      URI uri = URI.create(url);
      if ("file".equals(uri.getScheme())
          && (uri.getAuthority() == null || uri.getAuthority().isEmpty())
          && uri.getPath() != null
          && uri.getQuery() == null) {
        Path path = Path.of(uri.getPath());
        if (path.isAbsolute() && path.equals(path.normalize()) && uri.getPath().indexOf('\0') < 0) {
          return path;
        }
      }
    } catch (IllegalArgumentException e) {
      // Refused below, as any other text that is no such URL.
    }
    throw new Fault.Invalid("`egress.URL`", url, "`file:///ABSOLUTE/PATH`").asException();
  }

  /// Ends where the work is to stop.
  private static final class Stoppable extends FilterInputStream {
    private final BooleanSupplier stopped;

    Stoppable(InputStream in, BooleanSupplier stopped) {
      super(in);
      this.stopped = stopped;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (stopped.getAsBoolean()) {
        throw new IOException("it was stopped");
      }
      return super.read(to, offset, length);
    }
  }
}
