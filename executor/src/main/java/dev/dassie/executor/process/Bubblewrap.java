package dev.dassie.executor.process;

import dev.dassie.executor.datum.Command;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The same private root as [RunnerSlot]'s, made by the program `bwrap` for each datum.
final class Bubblewrap {
  private final Path bwrap;
  private final Optional<Path> setpriv;

  private Bubblewrap(Path bwrap, Optional<Path> setpriv) {
    this.bwrap = bwrap;
    this.setpriv = setpriv;
  }

  /// Finds `bwrap`, and `setpriv`, which a server that is root needs beside it.
  static Optional<Bubblewrap> find(String path, boolean root) {
    Optional<Path> bwrap = program(path, "bwrap");
    Optional<Path> setpriv = program(path, "setpriv");
    if (bwrap.isEmpty() || (root && setpriv.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(new Bubblewrap(bwrap.get(), root ? setpriv : Optional.empty()));
  }

  private static Optional<Path> program(String path, String name) {
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "/usr/bin" : folder).resolve(name);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// The command line that runs `command` in the root of `plan`.
  List<String> line(RootPlan plan, Command command) {
    List<String> line = new ArrayList<>();
    line.add(bwrap.toString());
    line.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"));
    line.addAll(List.of("--die-with-parent", "--new-session"));
    if (plan.ownNetwork()) {
      line.add("--unshare-net");
    }
    for (RootPlan.Step step : plan.steps()) {
      line.addAll(arguments(step));
    }
    line.addAll(List.of("--remount-ro", "/", "--chdir", command.folder()));
    line.add("--");
    if (setpriv.isPresent()) {
      line.add(setpriv.get().toString());
      line.add("--reuid=" + plan.uid());
      line.add("--regid=" + plan.gid());
      line.addAll(List.of("--clear-groups", "--no-new-privs"));
      line.addAll(List.of("--inh-caps=-all", "--bounding-set=-all", "--"));
    }
    line.addAll(command.arguments());
    return line;
  }

  private static List<String> arguments(RootPlan.Step step) {
    String first = step.first();
    return switch (step.kind()) {
      case 'D' -> List.of("--dir", first);
      case 'L' -> List.of("--symlink", first, step.second());
      case 'R' -> List.of("--ro-bind", first, step.second());
      case 'O' -> List.of("--ro-bind-try", first, step.second());
      case 'W' -> List.of("--bind", first, step.second());
      case 'V' -> List.of("--dev-bind-try", first, step.second());
      case 'H' -> hide(first);
      case 'M' -> List.of("--tmpfs", first);
      case 'F' -> List.of("--remount-ro", first);
      case 'P' -> List.of("--proc", first);
      case 'T' -> List.of("--perms", "1777", "--tmpfs", first);
      // Message queues and pseudo-terminals of its own are beyond bwrap's single options.
      default -> List.of();
    };
  }

  private static List<String> hide(String place) {
    Path path = Path.of(place);
    if (RootPlan.isOwn(path) || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    return List.of("--tmpfs", place, "--remount-ro", place);
  }
}
