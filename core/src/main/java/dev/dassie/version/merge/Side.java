package dev.dassie.version.merge;

import dev.dassie.fault.Fault;

/// Whose state of a path a merge takes.
public enum Side {
  /// That of the branch that is merged into.
  OURS,
  /// That of the commit that is merged.
  THEIRS,
  /// That of the common ancestor: neither change.
  BASE;

  /// `ours`, `theirs` or `base`.
  public static Side parse(String text) {
    return switch (text) {
      case "ours" -> OURS;
      case "theirs" -> THEIRS;
      case "base" -> BASE;
      default ->
          throw new Fault.Invalid("The side", text, "`ours`, `theirs` or `base`").asException();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
