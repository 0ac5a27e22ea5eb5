package dev.dassie.executor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which folders within home folders a command needs to see (design D7): the installations that its
/// program, the interpreters behind it and the entries of `PATH` stand in.
final class Exposure {
  private static final int MAX_LINKS = 40;

  /// Folders that hold programs beside people's own data: of these, only this much is shown.
  private static final List<String> MIXED = List.of(".local", ".cargo");

  private final Set<Path> homes;
  private final Path hidden;
  private final Set<Path> found = new TreeSet<>();

  Exposure(Set<Path> homes, Path hidden) {
    this.homes = homes;
    this.hidden = hidden;
  }

  /// The folders and files found, none beneath another.
  List<Path> paths() {
    List<Path> outermost = new ArrayList<>();
    for (Path path : found) {
      if (outermost.stream().noneMatch(path::startsWith)) {
        outermost.add(path);
      }
    }
    return outermost;
  }

  /// Adds what is needed to start a program: its installation and, where links lead elsewhere or a
  /// virtual environment stands on another installation, those.
  void addProgram(Path program) {
    Path at = program;
    for (int hop = 0; hop < MAX_LINKS; hop++) {
      addInstallation(at, true);
      addReal(at);
      try {
        if (!Files.isSymbolicLink(at)) {
          return;
        }
        at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
      } catch (IOException e) {
        return;
      }
    }
  }

  /// Adds what an entry of `PATH` points into.
  void addPathEntry(Path folder) {
    if (Files.isDirectory(folder)) {
      addInstallation(folder.resolve("-"), false);
      addReal(folder.resolve("-"));
    }
  }

  /// Adds a folder that the configuration names.
  void addConfigured(Path folder) {
    add(folder);
  }

  private void addReal(Path file) {
    Path folder = file.getParent();
    try {
      if (folder != null && Files.exists(folder)) {
        addInstallation(folder.toRealPath().resolve(file.getFileName()), false);
      }
    } catch (IOException e) {
      return; // gone meanwhile: the run will say so
    }
  }

  private void addInstallation(Path file, boolean program) {
    Optional<Path> home = homeOf(file);
    Path folder = file.getParent();
    if (home.isEmpty() || folder == null || folder.equals(home.get())) {
      if (home.isPresent() && program) {
        add(file);
      }
      return;
    }
    Path above = folder.getParent();
    boolean programs = folder.endsWith("bin") || folder.endsWith("shims");
    if (!programs || above == null || above.equals(home.get())) {
      add(program && !programs ? file : folder);
    } else if (MIXED.contains(String.valueOf(above.getFileName()))) {
      add(above.resolve("bin"));
      add(above.resolve("lib"));
    } else {
      add(above);
      addBase(above);
    }
  }

  /// `pyvenv.cfg` of a virtual environment names the folder of the interpreter that it stands on.
  private void addBase(Path installation) {
    Path file = installation.resolve("pyvenv.cfg");
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split("=", 2);
        if (parts.length == 2 && parts[0].strip().equals("home")) {
          Path bin = Path.of(parts[1].strip());
          if (bin.isAbsolute() && !bin.startsWith(installation)) {
            addInstallation(bin.resolve("python"), false);
            addReal(bin.resolve("python"));
          }
        }
      }
    } catch (IOException e) {
      return; // unreadable: the run will say what is missing
    }
  }

  private Optional<Path> homeOf(Path path) {
    return homes.stream().filter(home -> path.startsWith(home) && !path.equals(home)).findFirst();
  }

  private void add(Path path) {
    boolean touchesOwn = path.startsWith(hidden) || hidden.startsWith(path);
    if (Files.exists(path) && !touchesOwn && !homes.contains(path)) {
      found.add(path.normalize());
    }
  }
}
