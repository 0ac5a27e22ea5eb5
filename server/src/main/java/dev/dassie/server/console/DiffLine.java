package dev.dassie.server.console;

/// A line of a unified diff.
///
/// @param kind `added`, `removed`, `hunk` or `same`
public record DiffLine(String kind, String text) {
  static DiffLine of(String line) {
    String kind =
        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
          case '+' -> line.startsWith("+++ ") ? "hunk" : "added";
          case '-' -> line.startsWith("--- ") ? "hunk" : "removed";
          case '@', '\\', 'B', 'F' -> "hunk";
          default -> "same";
        };
    return new DiffLine(kind, Say.plain(line));
  }
}
