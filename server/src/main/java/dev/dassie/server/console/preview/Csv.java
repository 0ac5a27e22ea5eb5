package dev.dassie.server.console.preview;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads comma- or tab-separated rows (RFC 4180) from text that may be cut anywhere. Not
/// thread-safe.
final class Csv {
  private final String text;
  private final char separator;
  private final boolean whole;
  private int at;

  /// @param whole whether the text ends where the file ends; else its last row is left out unless
  ///   it is ended
  Csv(String text, char separator, boolean whole) {
    this.text = text;
    this.separator = separator;
    this.whole = whole;
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  /// The separator that the first line has most of.
  static char separator(String name, String text) {
    String ending = Kind.ending(name);
    if (ending.equals("tsv") || ending.equals("tab")) {
      return '\t';
    }
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    char best = ',';
    for (char one : new char[] {';', '\t', '|'}) {
      best = count(line, one) > count(line, best) ? one : best;
    }
    return best;
  }

  private static long count(String line, char wanted) {
    return line.chars().filter(letter -> letter == wanted).count();
  }

  /// The next row, or nothing at the end.
  Optional<List<String>> row() {
    if (at >= text.length()) {
      return Optional.empty();
    }
    List<String> row = new ArrayList<>();
    while (true) {
      row.add(field());
      if (at >= text.length()) {
        return whole ? Optional.of(row) : Optional.empty();
      }
      char end = text.charAt(at++);
      if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
        return Optional.of(row);
      }
      if (end != separator) {
        return Optional.of(row);
      }
    }
  }

  /// A field; afterwards the place is at what ended it.
  private String field() {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length() && !ends(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean ends(char letter) {
    return letter == separator || letter == '\n' || letter == '\r';
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char letter = text.charAt(at++);
      if (letter != '"') {
        value.append(letter);
      } else if (at < text.length() && text.charAt(at) == '"') {
        value.append('"');
        at++;
      } else {
        break;
      }
    }
    // What stands behind the closing quote belongs to nothing; it is kept to be seen.
    int start = at;
    while (at < text.length() && !ends(text.charAt(at))) {
      at++;
    }
    return value + text.substring(start, at);
  }
}
