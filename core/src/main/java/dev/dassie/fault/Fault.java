package dev.dassie.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What went wrong, as data. Doors switch over it with no default: a new kind must be answered at
/// every door.
public sealed interface Fault {
  /// One sentence for a person: the offending value in backticks, and what was expected.
  String message();

  /// What to do about it, where Dassie knows.
  default Optional<String> hint() {
    return Optional.empty();
  }

  /// Nothing has that name.
  record NotFound(String kind, String name, Optional<String> hint) implements Fault {
    @Override
    public String message() {
      return "No %s is named `%s`.".formatted(kind, name);
    }
  }

  /// The name is taken.
  record AlreadyExists(String kind, String name) implements Fault {
    @Override
    public String message() {
      return "A %s named `%s` exists already.".formatted(kind, name);
    }
  }

  /// A value from outside breaks a rule.
  record Invalid(String field, String value, String expected, Optional<String> hint)
      implements Fault {
    public Invalid(String field, String value, String expected) {
      this(field, value, expected, Optional.empty());
    }

    @Override
    public String message() {
      return "%s is `%s`, expected %s.".formatted(field, value, expected);
    }
  }

  /// A document breaks rules; all problems at once, in the order of the document.
  record InvalidDocument(String document, List<Problem> problems) implements Fault {
    public InvalidDocument {
      problems = List.copyOf(problems);
    }

    /// One broken rule. `line` and `column` count from 1; 0 where there is no position.
    public record Problem(int line, int column, String message, Optional<String> hint) {}

    @Override
    public String message() {
      StringBuilder text = new StringBuilder();
      text.append(
          "%s has %d problem%s:"
              .formatted(document, problems.size(), problems.size() == 1 ? "" : "s"));
      for (Problem problem : problems) {
        text.append("\n  ");
        if (problem.line() > 0) {
          text.append("line %d, column %d: ".formatted(problem.line(), problem.column()));
        }
        text.append(problem.message());
        problem.hint().ifPresent(hint -> text.append(' ').append(hint));
      }
      return text.toString();
    }
  }

  /// The request does not fit the state of its subject. `sentence` says both.
  record Conflict(String sentence, Optional<String> hint) implements Fault {
    @Override
    public String message() {
      return sentence;
    }
  }

  /// What a writer asked of a path does not hold; nothing was written. `there` says whether
  /// anything is at the path.
  record PreconditionFailed(String path, String expected, String found, boolean there)
      implements Fault {
    @Override
    public String message() {
      return "`%s` has %s, expected %s.".formatted(path, found, expected);
    }
  }

  /// What was asked for cannot be had, and waiting will not help: the commit failed, the job
  /// failed.
  record Failed(String sentence, Optional<String> hint) implements Fault {
    @Override
    public String message() {
      return sentence;
    }
  }

  /// The principal may not do this.
  record Denied(String principal, String action) implements Fault {
    @Override
    public String message() {
      return "`%s` may not %s.".formatted(principal, action);
    }
  }

  /// Known to the field, not built yet.
  record Unsupported(String feature, Optional<String> hint) implements Fault {
    @Override
    public String message() {
      return "`%s` is not supported yet.".formatted(feature);
    }
  }

  /// A wait ended before what it waited for.
  record TimedOut(String awaited, Duration waited) implements Fault {
    @Override
    public String message() {
      return "%s did not happen within %s s.".formatted(awaited, waited.toSeconds());
    }
  }

  /// No space is left where Dassie writes.
  record Full(String place) implements Fault {
    @Override
    public String message() {
      return "No space is left in `%s`.".formatted(place);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("Free some space there and repeat the command; nothing was changed.");
    }
  }

  /// Something that Dassie depends on does not answer.
  record Unavailable(String service, String reason) implements Fault {
    @Override
    public String message() {
      return "%s does not answer: %s.".formatted(service, reason);
    }
  }

  /// Stored bytes are not what they must be.
  record Corrupt(String object, String expected, String actual) implements Fault {
    @Override
    public String message() {
      return "%s is damaged: expected %s, found %s.".formatted(object, expected, actual);
    }
  }

  /// This exception, to be thrown.
  default DassieException asException() {
    return new DassieException(this);
  }
}
