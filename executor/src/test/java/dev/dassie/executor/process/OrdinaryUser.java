package dev.dassie.executor.process;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.Wipe;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a main class of the tests in a Java of its own as the user `nobody`, on a copy of the class
/// path that everybody can read. Where the tests are not root already, it is run as the same user.
final class OrdinaryUser {
  private OrdinaryUser() {}

  static String run(Class<?> main, String... arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "dassie-user-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      List<String> line = new ArrayList<>();
      if (Permissions.ownUid() == 0) {
        line.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
      }
      line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
      line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", copy(folder)));
      line.add(main.getName());
      line.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().put("PATH", Playground.PATH);
      Process process = builder.start();
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      process.waitFor(60, TimeUnit.SECONDS);
      return output.strip();
    } finally {
      Wipe.tree(folder);
    }
  }

  private static String copy(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path from = Path.of(entry);
      if (!Files.exists(from)) {
        continue;
      }
      Path to = folder.resolve(entries.size() + "-" + from.getFileName());
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
                throws IOException {
              Permissions.open(Files.createDirectory(to.resolve(from.relativize(at).toString())));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
                throws IOException {
              Path place = at.equals(from) ? to : to.resolve(from.relativize(at).toString());
              Files.copy(at, place);
              Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
              return FileVisitResult.CONTINUE;
            }
          });
      entries.add(to.toString());
    }
    return String.join(":", entries);
  }
}
