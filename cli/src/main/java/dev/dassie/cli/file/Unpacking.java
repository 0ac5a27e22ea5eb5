package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Writes the files of a tar below a directory, and nothing anywhere else: absolute names, `..`,
/// links in the tar and links that stand in the way on disk are refused, whatever the sender says.
public final class Unpacking {
  private static final int FOLDERS_MAX = 100_000;
  private static final int BUFFER = 1 << 16;
  private static final Map<PosixFilePermission, PosixFilePermission> EXECUTE_WHERE_READ =
      Map.of(
          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final Path target;
  private final Set<Path> folders = new HashSet<>();
  private final byte[] buffer = new byte[BUFFER];

  public Unpacking(Path target) {
    this.target = target;
  }

  /// Unpacks to the end of the stream. Files that exist are replaced.
  public void unpack(InputStream stream) throws IOException {
    Files.createDirectories(target);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = inside(entry.getName());
        if (entry.isDirectory()) {
          folder(path);
        } else if (isPlain(entry)) {
          file(path, tar, (entry.getMode() & 0100) != 0);
        } else {
          throw hostile(entry.getName(), "is neither a file nor a directory");
        }
      }
    }
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isSymbolicLink()
        && !entry.isLink()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  private Path inside(String name) {
    if (name.startsWith("/") || name.indexOf('\0') >= 0) {
      throw hostile(name, "leads out of the target");
    }
    Path path = target;
    try {
      for (String part : name.split("/")) {
        if (part.equals("..")) {
          throw hostile(name, "leads out of the target");
        }
        path = part.isEmpty() || part.equals(".") ? path : path.resolve(part);
      }
    } catch (InvalidPathException e) {
      throw hostile(name, "cannot be written on this machine");
    }
    return path;
  }

  private void folder(Path path) throws IOException {
    if (path.equals(target) || folders.contains(path)) {
      return;
    }
    folder(above(path));
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw hostile(target.relativize(path).toString(), "is in the way and no directory");
      }
    }
    if (folders.size() >= FOLDERS_MAX) {
      folders.clear();
    }
    folders.add(path);
  }

  private Path above(Path path) {
    return Optional.ofNullable(path.getParent()).orElse(target);
  }

  private void file(Path path, InputStream bytes, boolean executable) throws IOException {
    if (path.equals(target)) {
      throw hostile("", "names no file");
    }
    folder(above(path));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw hostile(target.relativize(path).toString(), "is a directory here and a file there");
    }
    try (OutputStream to = created(path)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        to.write(buffer, 0, read);
      }
    }
    if (executable) {
      Set<PosixFilePermission> permissions =
          new HashSet<>(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
      EXECUTE_WHERE_READ.forEach((read, execute) -> {
        if (permissions.contains(read)) {
          permissions.add(execute);
        }
      });
      Files.setPosixFilePermissions(path, permissions);
    }
  }

  /// A new file, so that neither a link nor another name of an old file is written through.
  private static OutputStream created(Path path) throws IOException {
    try {
      return Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      Files.delete(path);
      return Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
  }

  private static ProblemException hostile(String name, String why) {
    return Problem.of(
            Problem.FAILED,
            "The name `%s` %s; unpacking stopped there.".formatted(name, why),
            Optional.of("`get file repo@commit:/path -o NAME` gets a single file."))
        .asException();
  }
}
