package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pattern of paths (design, "Globs"): `*` within a part, `**` across parts (`**/` also stands
/// for no part), `?` one character, `[…]` and `[!…]` a set, `{a,b}` alternatives, `@() +() *() ?()
/// !()` with alternatives between `|`; only bare parentheses capture; `\` takes the next character
/// as it is; a trailing slash matches directories only; `/` matches the root, and nothing else
/// does. The leading slash may be left out. Thread-safe.
public final class Glob {
  /// What ends plain text, and of that what may reach beyond a part.
  private static final String SPECIAL = "*?[{(\\";

  private static final String OPENING = "[{(\\";
  private static final byte[] ANY = {};

  private final String text;
  private final GlobProgram program;
  private final String prefix;
  private final List<byte[]> beginnings;
  private final boolean literal;
  private final boolean root;
  private final boolean directories;

  private Glob(String text) {
    this.text = text;
    this.root = text.equals("/");
    String body = text.startsWith("/") ? text.substring(1) : text;
    this.directories = !root && endsWithSlash(body);
    String inner = directories ? body.substring(0, body.length() - 1) : body;
    this.beginnings = beginnings(inner);
    GlobParser parser = new GlobParser(text, inner);
    this.program = parser.parse();
    this.prefix = parser.literalPrefix();
    this.literal = parser.isLiteral();
  }

  /// Reads a glob; one that breaks the rules is `Fault.Invalid` with the position.
  public static Glob parse(String text) {
    if (text.isEmpty()) {
      throw new Fault.Invalid("The glob", text, "a pattern, or `/` for all as one").asException();
    }
    return new Glob(text);
  }

  public boolean matches(FilePath path, boolean directory) {
    if (path.isRoot() || root) {
      return root && path.isRoot();
    }
    return (directory || !directories) && match(path).whole();
  }

  /// What the bare parentheses matched, in order; empty text for one that took no part. Nothing
  /// where the path does not match.
  public Optional<List<String>> captures(FilePath path) {
    if (path.isRoot() || root) {
      return root && path.isRoot() ? Optional.of(List.of()) : Optional.empty();
    }
    GlobMatch match = match(path);
    if (!match.whole()) {
      return Optional.empty();
    }
    List<String> captures = new ArrayList<>();
    for (int i = 0; i < program.captures(); i++) {
      captures.add(match.capture(i));
    }
    return Optional.of(List.copyOf(captures));
  }

  /// The number of bare parentheses.
  public int captureCount() {
    return program.captures();
  }

  /// The text, without the leading slash, that every matching path begins with.
  public String literalPrefix() {
    return prefix;
  }

  /// Whether only the path [#literalPrefix] can match.
  boolean isLiteral() {
    return literal;
  }

  /// Whether a path beneath a directory can match.
  boolean reaches(FilePath directory) {
    return new GlobMatch(text, program, ("/" + directory.value() + "/").codePoints().toArray())
        .beginning();
  }

  /// What every name in a directory begins with that can be part of a match.
  byte[] beginning(FilePath directory) {
    int depth = directory.isRoot() ? 0 : 1;
    for (int i = 0; i < directory.value().length(); i++) {
      depth += directory.value().charAt(i) == '/' ? 1 : 0;
    }
    return depth < beginnings.size() ? beginnings.get(depth) : ANY;
  }

  /// Part by part, up to the first one whose end plain text does not tell.
  private static List<byte[]> beginnings(String body) {
    List<byte[]> found = new ArrayList<>();
    for (String part : body.split("/", -1)) {
      int end = 0;
      while (end < part.length() && SPECIAL.indexOf(part.charAt(end)) < 0) {
        end++;
      }
      String rest = part.substring(end);
      // The sign before a group belongs to it.
      boolean group = rest.startsWith("(") && end > 0 && "@+!".indexOf(part.charAt(end - 1)) >= 0;
      found.add(part.substring(0, group ? end - 1 : end).getBytes(StandardCharsets.UTF_8));
      if (rest.contains("**") || rest.chars().anyMatch(c -> OPENING.indexOf(c) >= 0)) {
        break;
      }
    }
    return List.copyOf(found);
  }

  /// As it was given.
  @Override
  public String toString() {
    return text;
  }

  private GlobMatch match(FilePath path) {
    return new GlobMatch(text, program, ("/" + path.value()).codePoints().toArray());
  }

  private static boolean endsWithSlash(String body) {
    int slashes = 0;
    for (int i = body.length() - 2; i >= 0 && body.charAt(i) == '\\'; i--) {
      slashes++;
    }
    return body.endsWith("/") && slashes % 2 == 0;
  }
}
