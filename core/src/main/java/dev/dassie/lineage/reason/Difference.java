package dev.dassie.lineage.reason;

import dev.dassie.fileset.FilePath;
import dev.dassie.version.CommitName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One part of what decides a result (design D4) that differs between two runs.
///
/// @param name of the input, variable, field or file in question
/// @param before as text, absent where it was not
/// @param after as text, absent where it is not any more
/// @param files what changed in an input or in the code
public record Difference(
    Kind kind,
    String name,
    Optional<String> before,
    Optional<String> after,
    Optional<Files> files) {
  private static final int SHOWN = 3;
  private static final int MAX_TEXT = 200;

  /// The parts of a datum key, and how the spec cuts its input.
  public enum Kind {
    INPUT,
    CODE,
    COMMAND,
    STDIN,
    PARAMETER,
    WORKING_DIR,
    RETURN_CODES,
    NETWORK,
    USER,
    SECRET,
    SALT,
    ENVIRONMENT,
    DATUMS;

    /// As scripts read it: `parameter`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Files that differ between two commits of a repo.
  ///
  /// @param count how many; at least so many where `exact` is false
  /// @param examples the first of them
  public record Files(
      Optional<CommitName> before,
      Optional<CommitName> after,
      long count,
      boolean exact,
      List<Changed> examples) {
    public Files {
      examples = List.copyOf(examples);
    }
  }

  /// One file that differs. A path with a slash at its end names a directory.
  public record Changed(String path, Change change) {
    static Changed of(FilePath path, boolean before, boolean after) {
      Change change = before ? after ? Change.CHANGED : Change.REMOVED : Change.ADDED;
      return new Changed(path.toString(), change);
    }
  }

  /// What happened to a file.
  public enum Change {
    ADDED,
    REMOVED,
    CHANGED;

    /// As scripts read it: `added`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Difference of(Kind kind, String name, Optional<String> before, Optional<String> after) {
    return new Difference(kind, name, before, after, Optional.empty());
  }

  /// As one sentence.
  public String sentence() {
    return switch (kind) {
      case INPUT -> "Input `%s`: %s.".formatted(name, files.map(this::changed).orElse(values()));
      case CODE -> "The code: %s.".formatted(files.map(this::changed).orElse(values()));
      case COMMAND -> "The command %s.".formatted(values());
      case STDIN -> "The standard input %s.".formatted(values());
      case PARAMETER -> "The variable `%s` %s.".formatted(name, values());
      case WORKING_DIR -> "`workingDir` %s.".formatted(values());
      case RETURN_CODES -> "`acceptReturnCode` %s.".formatted(values());
      case NETWORK -> "`network` %s.".formatted(values());
      case USER -> "The user %s.".formatted(values());
      case SECRET -> "The secret `%s` %s.".formatted(name, values());
      case SALT -> "The salt %s: everything is computed anew.".formatted(values());
      case ENVIRONMENT -> "The environment: `%s` %s.".formatted(name, values());
      case DATUMS -> "How the input is cut: `%s` %s.".formatted(name, values());
    };
  }

  private String values() {
    if (before.isEmpty() || before.get().isEmpty()) {
      return "is `%s`, and was not set".formatted(text(after));
    }
    return after.isEmpty() || after.get().isEmpty()
        ? "was `%s`, and is not set any more".formatted(text(before))
        : "was `%s`, is `%s`".formatted(text(before), text(after));
  }

  private static String text(Optional<String> value) {
    String text = value.orElse("");
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
  }

  private String changed(Files all) {
    if (all.count() == 0) {
      return "another commit with the same files";
    }
    String shown =
        all.examples().stream()
            .limit(SHOWN)
            .map(one -> "`%s` (%s)".formatted(one.path(), one.change().word()))
            .collect(Collectors.joining(", "));
    return "%s%,d %s changed, %s%s"
        .formatted(
            all.exact() ? "" : "at least ",
            all.count(),
            all.count() == 1 ? "file" : "files",
            shown,
            all.count() > Math.min(SHOWN, all.examples().size()) ? " and others" : "");
  }
}
