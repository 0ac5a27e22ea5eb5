package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Optional;

/// The rule for names of projects, repos, branches, tags and pipelines (design S3).
public final class Names {
  private static final int LONGEST = 63;
  private static final int ID = 32;

  private Names() {}

  /// Returns `name` if it is one, else refuses it. `kind` is the word for people: `repo`, `branch`.
  public static String check(String kind, String name) {
    if (!isName(name)) {
      throw new Fault.Invalid("The " + kind + " name", name, "1 to 63 letters, digits, `_` or `-`")
          .asException();
    }
    if (isCommitId(name)) {
      throw new Fault.Invalid(
              "The " + kind + " name",
              name,
              "a name that is not a commit id (32 hex digits)",
              Optional.empty())
          .asException();
    }
    return name;
  }

  /// Whether the text is a full commit id.
  public static boolean isCommitId(String text) {
    if (text.length() != ID) {
      return false;
    }
    for (int i = 0; i < ID; i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !isDigit(c) && c != '_' && c != '-') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
