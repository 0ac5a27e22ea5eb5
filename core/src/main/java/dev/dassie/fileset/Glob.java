package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pattern of paths (design, "Globs"): `*` within a part, `**` across parts (`**/` also stands
/// for no part), `?` one character, `[…]` and `[!…]` a set, `{a,b}` alternatives, `@() +() *() ?()
/// !()` with alternatives between `|`; only bare parentheses capture; `\` takes the next character
/// as it is; a trailing slash matches directories only; `/` matches the root, and nothing else
/// does. The leading slash may be left out. Thread-safe.
public final class Glob {
  private final String text;
  private final GlobProgram program;
  private final String prefix;
  private final boolean literal;
  private final boolean root;
  private final boolean directories;

  private Glob(String text) {
    this.text = text;
    this.root = text.equals("/");
    String body = text.startsWith("/") ? text.substring(1) : text;
    this.directories = !root && endsWithSlash(body);
    GlobParser parser =
        new GlobParser(text, directories ? body.substring(0, body.length() - 1) : body);
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
