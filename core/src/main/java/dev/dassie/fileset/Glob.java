package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.util.List;
import java.util.Optional;

/// A pattern of paths (design, "Globs"): `*` within a part, `**` across parts, `?`, `[…]`, `{a,b}`,
/// `@() +() *() ?() !()`; only bare parentheses capture; `\` escapes; a trailing slash matches
/// directories only; `/` matches the root only. Thread-safe.
public final class Glob {
  private final String text;

  private Glob(String text) {
    this.text = text;
  }

  /// Reads a glob; one that breaks the rules is `Fault.Invalid` with the position.
  public static Glob parse(String text) {
    return new Glob(text);
  }

  public boolean matches(FilePath path, boolean directory) {
    return Boolean.TRUE.equals(this.<Boolean>unsupported());
  }

  /// What the bare parentheses matched, in order; empty text for one that took no part. Nothing
  /// where the path does not match.
  public Optional<List<String>> captures(FilePath path) {
    return unsupported();
  }

  /// The text, without the leading slash, that every matching path begins with.
  public String literalPrefix() {
    return unsupported();
  }

  /// As it was given.
  @Override
  public String toString() {
    return text;
  }

  // Goes with the last method that is not built.
  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <T> T unsupported() {
    throw new Fault.Unsupported(text, Optional.empty()).asException();
  }
}
