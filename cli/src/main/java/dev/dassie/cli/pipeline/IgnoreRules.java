package dev.dassie.cli.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of `.gitignore` files for directories outside of git (gitignore(5)): comments, `!`, a
/// leading or inner `/` that anchors, a trailing `/` for directories, `*`, `?`, `[…]` and `**`. The
/// last rule that matches decides.
final class IgnoreRules {
  private static final int DEPTH_MAX = 200;

  private record Rule(Pattern path, boolean directoriesOnly, boolean keep) {}

  /// Rules of one directory; the path they match is relative to it.
  private record Level(Path directory, List<Rule> rules) {}

  private IgnoreRules() {}

  /// Gives every file below the root that is not ignored, as a path within it. `.git` is always
  /// ignored; links to directories are not entered.
  static void walk(Path root, Consumer<String> file) throws IOException {
    walk(root, root, new ArrayList<>(), file, 0);
  }

  private static void walk(
      Path root, Path directory, List<Level> levels, Consumer<String> file, int depth)
      throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("`%s` is nested too deep".formatted(directory));
    }
    levels.add(new Level(directory, read(directory.resolve(".gitignore"))));
    List<Path> children;
    try (Stream<Path> list = Files.list(directory)) {
      children = list.sorted().toList();
    }
    for (Path child : children) {
      boolean isDirectory = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
      if (child.endsWith(".git") || ignored(child, isDirectory, levels)) {
        continue;
      }
      if (isDirectory) {
        walk(root, child, levels, file, depth + 1);
      } else {
        file.accept(root.relativize(child).toString());
      }
    }
    levels.removeLast();
  }

  private static boolean ignored(Path path, boolean isDirectory, List<Level> levels) {
    boolean ignored = false;
    for (Level level : levels) {
      String relative = level.directory().relativize(path).toString();
      for (Rule rule : level.rules()) {
        if ((isDirectory || !rule.directoriesOnly()) && rule.path().matcher(relative).matches()) {
          ignored = !rule.keep();
        }
      }
    }
    return ignored;
  }

  private static List<Rule> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String text = line.stripTrailing();
      if (!text.isEmpty() && !text.startsWith("#")) {
        rules.add(rule(text));
      }
    }
    return rules;
  }

  private static Rule rule(String line) {
    boolean keep = line.startsWith("!");
    String text = keep || line.startsWith("\\") ? line.substring(1) : line;
    boolean directoriesOnly = text.endsWith("/");
    String path = directoriesOnly ? text.substring(0, text.length() - 1) : text;
    boolean anchored = path.contains("/");
    String glob = path.startsWith("/") ? path.substring(1) : path;
    return new Rule(
        Pattern.compile((anchored ? "" : "(?:.*/)?") + regex(glob)), directoriesOnly, keep);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      int end = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (end > 0) {
        String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set);
        regex.append(']');
        i = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
