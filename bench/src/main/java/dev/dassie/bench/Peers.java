package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Other programs that keep versions of a tree, as the distribution ships them. One that is not
/// installed is said loudly, never passed by in silence.
final class Peers {
  /// A peer that takes this many times as long is stopped.
  private static final double PATIENCE = 5;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "RESTIC_PASSWORD", "bench",
          "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes",
          "GIT_AUTHOR_NAME", "bench",
          "GIT_AUTHOR_EMAIL", "bench@example.org",
          "GIT_COMMITTER_NAME", "bench",
          "GIT_COMMITTER_EMAIL", "bench@example.org",
          "GIT_CONFIG_GLOBAL", "/dev/null",
          "GIT_OPTIONAL_LOCKS", "0");

  /// Programs named by the budget that no distribution ships.
  private static final List<String> NEVER = List.of("dvc", "lakefs");

  private final Path folder;
  private final Path source;
  private final double ours;

  /// Peers that are to keep `source`, with `folder` for their repositories.
  Peers(Path folder, Path source, double ours) {
    this.folder = folder;
    this.source = source;
    this.ours = ours;
  }

  /// Seconds of the first put by each peer of `wanted` that is installed, by name; one that was
  /// stopped has the seconds it was given.
  Map<String, Double> first(List<String> wanted) throws IOException, InterruptedException {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (String peer : wanted) {
      if (!installed(peer)) {
        Main.say("PEER ABSENT: `%s` is not installed, nothing is compared with it.", peer);
        continue;
      }
      seconds.put(peer, put(peer));
    }
    return seconds;
  }

  /// The same once more, unchanged, after [#first].
  Map<String, Double> again(List<String> wanted) throws IOException, InterruptedException {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (String peer : wanted) {
      if (installed(peer) && !NEVER.contains(peer)) {
        seconds.put(peer, timed(peer, command(peer, "second")));
      }
    }
    return seconds;
  }

  private double put(String peer) throws IOException, InterruptedException {
    switch (peer) {
      case "restic" -> quietly("restic", "-q", "init", "-r", repo(peer));
      case "borg" -> quietly("borg", "init", "-e", "none", repo(peer));
      case "git", "git-annex" -> {
        quietly("cp", "-r", source.toString(), repo(peer));
        quietly("git", "-C", repo(peer), "init", "-q");
        if (peer.equals("git-annex")) {
          quietly("git", "-C", repo(peer), "annex", "init", "-q");
        }
      }
      default -> throw new IllegalArgumentException(peer);
    }
    return timed(peer, command(peer, "first"));
  }

  private String repo(String peer) {
    return folder.resolve("peer-" + peer).toString();
  }

  private List<String> command(String peer, String name) {
    String from = source.toString();
    return switch (peer) {
      case "restic" -> List.of("restic", "-q", "-r", repo(peer), "backup", from);
      case "borg" -> List.of("borg", "create", repo(peer) + "::" + name, from);
      case "git" ->
          List.of("sh", "-c", "cd $0 && git add -A && git commit -qm x --allow-empty", repo(peer));
      case "git-annex" ->
          List.of(
              "sh",
              "-c",
              "cd $0 && git annex add -q . && git commit -qm x --allow-empty",
              repo(peer));
      default -> throw new IllegalArgumentException(peer);
    };
  }

  private double timed(String peer, List<String> command) throws IOException, InterruptedException {
    double limit = Math.max(20, PATIENCE * ours);
    Optional<Timing> timing = Timing.of(process(command), folder, limit);
    if (timing.isEmpty()) {
      Main.say("`%s` was stopped after %.0f s, %.0f times ours.", peer, limit, limit / ours);
    }
    return timing.map(Timing::wall).orElse(limit);
  }

  private void quietly(String... command) throws IOException, InterruptedException {
    if (Timing.of(process(List.of(command)), folder, 120).isEmpty()) {
      throw new IllegalStateException(String.join(" ", command) + " did not end");
    }
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile());
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().put("HOME", folder.toString());
    return builder;
  }

  private static boolean installed(String program) {
    for (String directory : Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}
