package dev.dassie.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The folder of the project, and its sources.
final class ProjectTree {
  static final Path ROOT = root();

  static final List<String> MODULES =
      List.of("core", "store", "executor", "api", "server", "cli", "acceptance", "bench");

  private ProjectTree() {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests must run within the project");
      }
    }
    return folder;
  }

  /// Files with one of the endings in `src` of every module, in order.
  static List<Path> sources(String... endings) {
    return MODULES.stream()
        .map(module -> ROOT.resolve(module).resolve("src"))
        .filter(Files::isDirectory)
        .flatMap(folder -> filesIn(folder).stream())
        .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
        .sorted()
        .toList();
  }

  static List<Path> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }
}
