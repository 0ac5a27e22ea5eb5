package dev.dassie.server.spec;

import dev.dassie.fault.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Compares a document with the table of known fields: tells unknown names, wrong types and what is
/// not built, and leaves mappings whose names are in camelCase and whose values have their type.
/// Not thread-safe.
final class FieldCheck {
  private final Problems problems;
  private final List<String> unused = new ArrayList<>();

  FieldCheck(Problems problems) {
    this.problems = problems;
  }

  /// Fields that are kept and that executor `process` does not use, in the order of their names.
  List<String> unused() {
    return unused.stream().sorted().toList();
  }

  /// Notes a field that this spec gives nothing to do.
  void unused(String path) {
    if (!unused.contains(path)) {
      unused.add(path);
    }
  }

  /// The good part of a mapping. `path` is its place among the fields, empty for the root.
  Checked mapping(Node node, List<Known> known, String path) {
    Map<String, Node> good = new LinkedHashMap<>();
    if (!(node instanceof Node.Fields fields)) {
      problems.add(
          node.place(),
          "%s is %s, expected a mapping."
              .formatted(path.isEmpty() ? "The spec" : "`" + path + "`", shown(node)));
      return new Checked(node.place(), path, good, Set.of());
    }
    Map<String, Node.Field> seen = new LinkedHashMap<>();
    Set<String> told = new HashSet<>();
    for (Node.Field field : fields.values()) {
      Optional<Known> match = known.stream().filter(one -> one.isNamed(field.name())).findFirst();
      if (match.isEmpty()) {
        unknown(field, known, path);
        continue;
      }
      Known one = match.get();
      Node.Field first = seen.putIfAbsent(one.name(), field);
      String full = path.isEmpty() ? one.name() : path + "." + one.name();
      if (first != null) {
        problems.add(
            field.place(),
            "`%s` stands twice; the first is in line %d.".formatted(full, first.place().line()));
      } else {
        Optional<Node> value = value(field, one, full);
        value.ifPresent(some -> good.put(one.name(), some));
        if (value.isEmpty() && !isNull(field.value())) {
          told.add(one.name());
        }
      }
    }
    return new Checked(fields.place(), path, good, told);
  }

  private void unknown(Node.Field field, List<Known> known, String path) {
    if (problems.isFull()) {
      return;
    }
    List<String> names =
        known.stream().map(field.name().contains("_") ? Known::snake : Known::name).toList();
    problems.add(
        field.place(),
        "`%s` is not a field of %s."
            .formatted(
                Said.value(field.name()), path.isEmpty() ? "a pipeline spec" : "`" + path + "`"),
        Nearest.hint(field.name(), names)
            .or(() -> elsewhere(field.name()).map("It belongs to `%s`."::formatted)));
  }

  /// The object at the top in which a misplaced field belongs: `cmd` belongs to `transform`.
  private static Optional<String> elsewhere(String name) {
    for (Known top : SpecFields.root()) {
      for (Known inner : top.fields().get()) {
        if (inner.isNamed(name)) {
          return Optional.of(top.name());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Node> value(Node.Field field, Known known, String path) {
    Node value = field.value();
    if (isNull(value)) {
      return Optional.empty();
    }
    return switch (known.use()) {
      case USED -> typed(value, known, path) ? Optional.of(value) : Optional.empty();
      case KEPT -> {
        boolean good = typed(value, known, path);
        if (!saysNothing(value)) {
          unused.add(path);
        }
        yield good ? Optional.of(value) : Optional.empty();
      }
      case REFUSED -> {
        if (!saysNothing(value)) {
          problems.add(
              field.place(),
              "`%s` is not taken from a spec.".formatted(path),
              Optional.of(known.about()));
        }
        yield Optional.empty();
      }
    };
  }

  private static boolean isNull(Node value) {
    return value instanceof Node.Scalar scalar && scalar.isNull();
  }

  /// Whether a value is what holds without it.
  private static boolean saysNothing(Node value) {
    return switch (value) {
      case Node.Items items -> items.values().isEmpty();
      case Node.Fields fields -> false;
      case Node.Scalar scalar ->
          scalar.text().isEmpty()
              || (scalar.isFlag() && !scalar.isTrue())
              || (scalar.isNumber() && scalar.text().equals("0"));
    };
  }

  private boolean typed(Node value, Known known, String path) {
    boolean good =
        switch (known.kind()) {
          case ANY -> true;
          case TEXT -> isQuoted(value);
          case WORDS -> value instanceof Node.Scalar;
          case TEXTS -> each(value, path, "text", FieldCheck::isQuoted);
          case WORD_LIST -> each(value, path, "text", FieldCheck::isWord);
          case WORD_MAP -> wordMap(value, path);
          case WHOLE -> isWhole(value);
          case WHOLES -> each(value, path, "a whole number", FieldCheck::isWhole);
          case FLAG -> value instanceof Node.Scalar scalar && isFlag(scalar);
          case DURATION ->
              value instanceof Node.Scalar scalar && Said.duration(scalar.text()).isPresent();
          case OBJECT -> value instanceof Node.Fields;
          case OBJECTS -> each(value, path, "a mapping", Node.Fields.class::isInstance);
        };
    boolean told =
        switch (known.kind()) {
          case TEXTS, WORD_LIST, WHOLES, OBJECTS -> value instanceof Node.Items;
          case WORD_MAP -> value instanceof Node.Fields;
          default -> false;
        };
    if (!good && !told) {
      problems.add(
          value.place(),
          "`%s` is %s, expected %s.".formatted(path, shown(value), known.kind().expected()),
          typeHint(value, known));
    }
    return good;
  }

  private static Optional<String> typeHint(Node value, Known known) {
    if (known.kind() == Known.Kind.TEXT && value instanceof Node.Scalar) {
      return Optional.of("Put it in quotes.");
    }
    return known.kind() == Known.Kind.WORD_LIST && value instanceof Node.Scalar scalar
        ? Optional.of(
            "Write it as `[%s]`.".formatted(String.join(", ", scalar.text().strip().split("\\s+"))))
        : Optional.empty();
  }

  private boolean each(Node value, String path, String expected, Predicate<Node> rule) {
    if (!(value instanceof Node.Items items)) {
      return false;
    }
    boolean good = true;
    for (int i = 0; i < items.values().size(); i++) {
      Node item = items.values().get(i);
      if (!rule.test(item)) {
        good = false;
        problems.add(
            item.place(), "`%s[%d]` is %s, expected %s.".formatted(path, i, shown(item), expected));
      }
    }
    return good;
  }

  private boolean wordMap(Node value, String path) {
    if (!(value instanceof Node.Fields fields)) {
      return false;
    }
    Map<String, Integer> lines = new LinkedHashMap<>();
    boolean good = true;
    for (Node.Field field : fields.values()) {
      Integer first = lines.putIfAbsent(field.name(), field.place().line());
      String full = path + "." + Said.value(field.name());
      if (first != null) {
        good = false;
        problems.add(
            field.place(), "`%s` stands twice; the first is in line %d.".formatted(full, first));
      } else if (!(field.value() instanceof Node.Scalar)) {
        good = false;
        problems.add(
            field.value().place(),
            "`%s` is %s, expected text.".formatted(full, shown(field.value())));
      }
    }
    return good;
  }

  private static boolean isQuoted(Node node) {
    return node instanceof Node.Scalar scalar && !scalar.isNumber() && !scalar.isFlag();
  }

  private static boolean isWord(Node node) {
    return node instanceof Node.Scalar scalar && !scalar.isNull();
  }

  private static boolean isWhole(Node node) {
    return node instanceof Node.Scalar scalar && Said.whole(scalar.text()).isPresent();
  }

  private static boolean isFlag(Node.Scalar scalar) {
    return scalar.text().equalsIgnoreCase("true") || scalar.text().equalsIgnoreCase("false");
  }

  /// A value as a sentence names it.
  static String shown(Node node) {
    return switch (node) {
      case Node.Items items -> "a list";
      case Node.Fields fields -> "a mapping";
      case Node.Scalar scalar when scalar.isNull() -> "empty";
      case Node.Scalar scalar -> "`" + Said.value(scalar.text()) + "`";
    };
  }
}
