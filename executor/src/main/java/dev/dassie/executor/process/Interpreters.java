package dev.dassie.executor.process;

import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the files that a command really runs: `cmd[0]` on `PATH`, what its `#!` names, and so on,
/// also behind `env` and the shims of pyenv and its kin.
final class Interpreters {
  private static final int MAX_HOPS = 8;
  private static final int LINE = 512;

  private final String path;

  Interpreters(String path) {
    this.path = path;
  }

  /// The files in the order in which they start each other, by the names they are called by. Empty
  /// for a command in the working directory, which came with the source.
  List<Path> chain(String command, Map<String, String> env) {
    List<Path> chain = new ArrayList<>();
    Optional<Path> next = first(command, env);
    while (next.isPresent() && chain.size() < MAX_HOPS && !chain.contains(next.get())) {
      chain.add(next.get());
      next = behind(next.get(), env);
    }
    return chain;
  }

  private Optional<Path> first(String command, Map<String, String> env) {
    if (command.startsWith("/")) {
      Path file = Path.of(command);
      if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
        throw missing(command, "Give the path of a program that this machine has.");
      }
      return Optional.of(file);
    }
    if (command.contains("/")) {
      return Optional.empty();
    }
    Optional<Path> found = onPath(command, env);
    if (found.isEmpty()) {
      throw missing(
          command, "It was looked for on the server's PATH, `" + path + "`; install it there.");
    }
    return found;
  }

  private static RuntimeException missing(String command, String hint) {
    return new Fault.NotFound("program", command, Optional.of(hint)).asException();
  }

  private Optional<Path> onPath(String program, Map<String, String> env) {
    for (String folder : env.getOrDefault("PATH", path).split(":", -1)) {
      if (folder.startsWith("/")) {
        Path file = Path.of(folder).resolve(program);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Path> behind(Path file, Map<String, String> env) {
    Optional<Path> shimmed = behindShim(file, env);
    if (shimmed.isPresent()) {
      return shimmed;
    }
    String line = firstLine(file);
    if (!line.startsWith("#!")) {
      return Optional.empty();
    }
    List<String> words = List.of(line.substring(2).strip().split("\\s+"));
    Path interpreter = Path.of(words.getFirst());
    if (!interpreter.endsWith("env")) {
      return Optional.of(interpreter).filter(Files::isRegularFile);
    }
    return words.stream()
        .skip(1)
        .filter(word -> !word.startsWith("-") && !word.contains("="))
        .findFirst()
        .flatMap(word -> onPath(word, env));
  }

  /// pyenv, rbenv and others keep scripts in `ROOT/shims` that start
  /// `ROOT/versions/<version>/bin/<name>`; the version stands in a variable or in `ROOT/version`.
  private static Optional<Path> behindShim(Path file, Map<String, String> env) {
    Path folder = file.getParent();
    if (folder == null || !folder.endsWith("shims") || folder.getParent() == null) {
      return Optional.empty();
    }
    Path root = folder.getParent();
    String given = env.getOrDefault("PYENV_VERSION", "");
    List<String> versions = List.of(given.split(":", -1));
    if (given.isEmpty()) {
      try {
        versions = Files.readAllLines(root.resolve("version"));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    for (String version : versions) {
      Path program = root.resolve("versions").resolve(version.strip()).resolve("bin");
      program = program.resolve(String.valueOf(file.getFileName()));
      if (!version.isBlank() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  private static String firstLine(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(LINE), StandardCharsets.ISO_8859_1);
      int end = start.indexOf('\n');
      return end < 0 ? start : start.substring(0, end);
    } catch (IOException e) {
      return "";
    }
  }
}
