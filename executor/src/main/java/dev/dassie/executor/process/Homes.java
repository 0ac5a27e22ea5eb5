package dev.dassie.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The home folders of the machine's people: those of `/home`, `/root`, and the homes that
/// `/etc/passwd` and the server's own environment name. Folders that belong to the system, such as
/// the `/usr/sbin` of `daemon`, are none.
final class Homes {
  private static final int FIRST_PERSON = 1000;
  private static final int PASSWD_FIELDS = 7;
  private static final List<String> SYSTEM =
      List.of("/usr", "/bin", "/sbin", "/lib", "/etc", "/opt", "/var", "/dev", "/proc", "/sys");

  private Homes() {}

  /// Their paths as given and as resolved.
  static Set<Path> find(int ownUid) {
    Set<Path> homes = new TreeSet<>();
    add(homes, Path.of("/root"));
    add(homes, Path.of(System.getProperty("user.home", "/root")));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/home"))) {
      entries.forEach(entry -> add(homes, entry));
    } catch (IOException e) {
      homes.add(Path.of("/home")); // unreadable: all of it counts
    }
    try {
      for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(":", -1);
        if (fields.length == PASSWD_FIELDS && fields[2].matches("[0-9]{1,9}")) {
          int uid = Integer.parseInt(fields[2]);
          if (uid == ownUid || (uid >= FIRST_PERSON && uid != Settings.NOBODY)) {
            add(homes, Path.of(fields[5]));
          }
        }
      }
    } catch (IOException e) {
      return homes; // no list of users: the folders above are all that is known
    }
    return homes;
  }

  private static void add(Set<Path> homes, Path home) {
    Path path = home.normalize();
    if (!path.isAbsolute() || path.getNameCount() == 0 || !Files.isDirectory(path)) {
      return;
    }
    boolean system =
        SYSTEM.stream().map(Path::of).anyMatch(folder -> path.equals(folder))
            || path.startsWith("/usr")
            || path.startsWith("/proc");
    if (!system) {
      homes.add(path);
      try {
        homes.add(path.toRealPath());
      } catch (IOException e) {
        homes.add(path);
      }
    }
  }
}
