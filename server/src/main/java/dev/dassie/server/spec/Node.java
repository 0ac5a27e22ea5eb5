package dev.dassie.server.spec;

import java.util.List;

/// One value of a document, with its place.
sealed interface Node {
  Place place();

  /// Values in it, itself included; one that several aliases show counts each time.
  long weight();

  /// Where a value begins, in lines and columns from 1, and the characters of the text that it
  /// takes: from `start` up to `end`.
  record Place(int line, int column, int start, int end) {}

  /// A text, number, truth value or null, as written. `bare` means without quotes.
  record Scalar(Place place, String text, boolean bare) implements Node {
    @Override
    public long weight() {
      return 1;
    }

    boolean isNull() {
      return bare
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }

    boolean isFlag() {
      return bare && (isTrue() || text.equalsIgnoreCase("false"));
    }

    boolean isTrue() {
      return text.equalsIgnoreCase("true");
    }

    boolean isNumber() {
      return bare && text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    }
  }

  /// A list.
  record Items(Place place, List<Node> values, long weight) implements Node {
    Items(Place place, List<Node> values) {
      this(place, List.copyOf(values), weigh(values));
    }
  }

  /// A mapping, in the order written; a name may stand twice.
  record Fields(Place place, List<Field> values, long weight) implements Node {
    Fields(Place place, List<Field> values) {
      this(place, List.copyOf(values), weigh(values.stream().map(Field::value).toList()));
    }
  }

  /// One entry of a mapping. `place` is that of the name.
  record Field(Place place, String name, Node value) {}

  private static long weigh(List<Node> values) {
    return 1 + values.stream().mapToLong(Node::weight).sum();
  }
}
