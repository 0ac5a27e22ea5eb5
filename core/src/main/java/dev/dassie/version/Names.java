package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rule for names of projects, repos, branches, tags and pipelines (design S3).
public final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}");
  private static final Pattern COMMIT_ID = Pattern.compile("[0-9a-f]{32}");

  private Names() {}

  /// Returns `name` if it is one, else refuses it. `kind` is the word for people: `repo`, `branch`.
  public static String check(String kind, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new Fault.Invalid("The " + kind + " name", name, "1 to 63 letters, digits, `_` or `-`")
          .asException();
    }
    if (COMMIT_ID.matcher(name).matches()) {
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
    return COMMIT_ID.matcher(text).matches();
  }
}
