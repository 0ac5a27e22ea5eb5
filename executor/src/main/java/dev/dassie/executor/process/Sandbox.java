package dev.dassie.executor.process;

import java.util.Locale;

/// How datums are kept apart from the machine and from each other.
public enum Sandbox {
  /// Linux namespaces, made by Dassie's own runner.
  NAMESPACES,
  /// The program `bwrap`, once per datum.
  BUBBLEWRAP,
  /// Nothing: `/pfs` in commands and variables is replaced by a folder. Only on explicit wish.
  NONE;

  /// As settings and results spell it.
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
