package dev.dassie.cli.terminal;

/// Text from outside made harmless for a terminal: names may hold control characters, which would
/// move the cursor, change colours or forge lines.
public final class Safe {
  private Safe() {}

  /// The text on one line; control characters and direction marks stand as `\x1b`, `\n`, `\u202e`.
  public static String line(String text) {
    return escaped(text, false);
  }

  /// As [#line], but line feeds stay.
  public static String paragraph(String text) {
    return escaped(text, true);
  }

  private static String escaped(String text, boolean keepLines) {
    int first = 0;
    while (first < text.length() && !dangerous(text.charAt(first), keepLines)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 8).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!dangerous(c, keepLines)) {
        safe.append(c);
      } else if (c == '\n') {
        safe.append("\\n");
      } else if (c == '\t') {
        safe.append("\\t");
      } else if (c == '\r') {
        safe.append("\\r");
      } else {
        safe.append(c < 0x100 ? "\\x%02x".formatted((int) c) : "\\u%04x".formatted((int) c));
      }
    }
    return safe.toString();
  }

  private static boolean dangerous(char c, boolean keepLines) {
    return (c < 0x20 && !(keepLines && c == '\n'))
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
