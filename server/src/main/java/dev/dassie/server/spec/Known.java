package dev.dassie.server.spec;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// One field of the spec that Dassie knows.
///
/// @param name as in camelCase
/// @param snake the same in snake_case, which is accepted too
/// @param about one sentence for the JSON Schema
/// @param fields what an [Kind#OBJECT] or each of [Kind#OBJECTS] holds; behind a supplier because
///   inputs nest in inputs
record Known(
    String name, String snake, Kind kind, Use use, String about, Supplier<List<Known>> fields) {
  /// What a value must be.
  enum Kind {
    TEXT("text"),
    /// Text for the user's code: a number or truth value counts as the text it is written as.
    WORDS("text"),
    TEXTS("a list of texts"),
    /// A list of [#WORDS].
    WORD_LIST("a list of texts"),
    /// Text values by name, each as [#WORDS].
    WORD_MAP("a mapping of names to texts"),
    WHOLE("a whole number"),
    WHOLES("a list of whole numbers"),
    FLAG("`true` or `false`"),
    DURATION("a duration like `30s` or `1h5m`"),
    OBJECT("a mapping"),
    OBJECTS("a list of mappings"),
    ANY("any value");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    String expected() {
      return expected;
    }
  }

  /// What becomes of a value.
  enum Use {
    /// Built.
    USED,
    /// Kept and reported; it says something to other executors only.
    KEPT,
    /// Refused unless it says what holds anyway (false, 0, empty): it has no place in a spec.
    REFUSED
  }

  static Known used(String name, Kind kind, String about) {
    return new Known(name, snakeOf(name), kind, Use.USED, about, List::of);
  }

  static Known used(String name, Kind kind, String about, Supplier<List<Known>> fields) {
    return new Known(name, snakeOf(name), kind, Use.USED, about, fields);
  }

  static Known kept(String name, Kind kind, String about) {
    return new Known(name, snakeOf(name), kind, Use.KEPT, about, List::of);
  }

  static Known kept(String name, Kind kind, String about, Supplier<List<Known>> fields) {
    return new Known(name, snakeOf(name), kind, Use.KEPT, about, fields);
  }

  /// @param about what to do instead
  static Known refused(String name, Kind kind, String about) {
    return new Known(name, snakeOf(name), kind, Use.REFUSED, about, List::of);
  }

  /// `datumTries` is `datum_tries`, `s3Out` is `s3_out`.
  private static String snakeOf(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  boolean isNamed(String text) {
    return text.equals(name) || text.equals(snake);
  }
}
