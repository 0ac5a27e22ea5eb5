package dev.dassie.executor.datum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Modes and owners of the folders that datums see, whatever the umask of the server is.
public final class Permissions {
  private Permissions() {}

  /// Everybody may look.
  public static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Only this server may look.
  public static void close(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  /// Everybody may look and write. What lies above it is closed.
  public static void share(Path place) throws IOException {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /// Everybody may read the file.
  public static void read(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
  }

  /// Makes the folder the datum's own.
  public static void give(Path folder, int uid, int gid) throws IOException {
    Files.setAttribute(folder, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(folder, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /// The user that this process runs as.
  public static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /// Whether this process is root and may start processes as that user and group: in a user
  /// namespace that maps root alone (`unshare -r`, some containers) it may not.
  public static boolean mayBecome(int uid, int gid) throws IOException {
    return ownUid() == 0
        && isMapped(Path.of("/proc/self/uid_map"), uid)
        && isMapped(Path.of("/proc/self/gid_map"), gid);
  }

  /// Each line of the map is: first id inside, first id outside, how many (user_namespaces(7)).
  private static boolean isMapped(Path map, int id) throws IOException {
    for (String line : Files.readAllLines(map)) {
      String[] range = line.strip().split("\\s+");
      long first = Long.parseLong(range[0]);
      if (id >= first && id < first + Long.parseLong(range[2])) {
        return true;
      }
    }
    return false;
  }

  public static int ownGid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
  }
}
