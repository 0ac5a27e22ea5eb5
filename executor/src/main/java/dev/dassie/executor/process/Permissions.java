package dev.dassie.executor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Modes and owners of the folders that datums see, whatever the umask of the server is.
final class Permissions {
  private Permissions() {}

  /// Everybody may look.
  static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Only this server may look.
  static void close(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /// Makes the folder the datum's own.
  static void give(Path folder, int uid, int gid) throws IOException {
    Files.setAttribute(folder, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(folder, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /// The user that this process runs as.
  static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  static int ownGid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
  }
}
