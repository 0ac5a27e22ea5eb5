package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a join or group key is made of what the parentheses of a glob captured: `$1-$2`. `${1}` says
/// the same as `$1`, `$$` is a dollar sign. Immutable.
public final class KeyTemplate {
  /// Text, then perhaps a capture; counted from 1, 0 for none.
  private record Piece(String text, int capture) {}

  private final List<Piece> pieces;

  private KeyTemplate(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /// Reads a template for a glob with so many captures; one that uses no capture, or one that the
  /// glob does not have, is `Fault.Invalid`.
  ///
  /// @param field what faults call it
  public static KeyTemplate parse(String field, String template, int captures) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean any = false;
    int at = 0;
    while (at < template.length()) {
      char next = template.charAt(at);
      if (next != '$') {
        text.append(next);
        at++;
      } else if (template.startsWith("$$", at)) {
        text.append('$');
        at += 2;
      } else {
        boolean braces = template.startsWith("${", at);
        int start = at + (braces ? 2 : 1);
        int end = start;
        while (end < template.length() && Character.digit(template.charAt(end), 10) >= 0) {
          end++;
        }
        boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
        int capture = closed ? number(template.substring(start, end)).orElse(0) : 0;
        if (capture < 1 || capture > captures) {
          throw wrong(field, template, captures);
        }
        pieces.add(new Piece(text.toString(), capture));
        text.setLength(0);
        any = true;
        at = end + (braces ? 1 : 0);
      }
    }
    if (!any || template.indexOf('\0') >= 0) {
      throw wrong(field, template, captures);
    }
    pieces.add(new Piece(text.toString(), 0));
    return new KeyTemplate(pieces);
  }

  private static Optional<Integer> number(String digits) {
    return digits.isEmpty() || digits.length() > 4
        ? Optional.empty()
        : Optional.of(Integer.parseInt(digits));
  }

  private static RuntimeException wrong(String field, String template, int captures) {
    String expected =
        switch (captures) {
          case 0 -> "a glob with parentheses, and `$1` for what they capture";
          case 1 -> "`$1`, what the parentheses of the glob capture, in it";
          default ->
              "`$1` to `$%d`, what the parentheses of the glob capture, in it".formatted(captures);
        };
    return new Fault.Invalid(field, template, expected).asException();
  }

  /// The key for what was captured.
  public String key(List<String> captured) {
    StringBuilder key = new StringBuilder();
    for (Piece piece : pieces) {
      key.append(piece.text());
      if (piece.capture() > 0) {
        key.append(captured.get(piece.capture() - 1));
      }
    }
    return key.toString();
  }
}
