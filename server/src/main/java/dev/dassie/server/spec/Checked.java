package dev.dassie.server.spec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mapping that [FieldCheck] has seen: names in camelCase, values of their type.
///
/// @param told fields whose values were wrong; they are not among the values
record Checked(Node.Place place, String path, Map<String, Node> values, Set<String> told) {
  Checked {
    values = new LinkedHashMap<>(values);
    told = Set.copyOf(told);
  }

  /// An object that its parent lacks: it lacks everything, unless the parent's was told.
  static Checked absent(Checked parent, String name) {
    Set<String> told = parent.told().contains(name) ? Set.of("name") : Set.of();
    return new Checked(parent.place(), parent.path(name), Map.of(), told);
  }

  /// Whether the field is neither here nor has been told.
  boolean lacks(String name) {
    return !values.containsKey(name) && !told.contains(name);
  }

  /// The full name of a field of this mapping, for messages.
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /// Where a field's value is, else where the mapping is.
  Node.Place placeOf(String name) {
    Optional<Node> value = Optional.ofNullable(values.get(name));
    return value.map(Node::place).orElse(place);
  }

  Optional<Node> node(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /// The text of a field; one that is empty counts as not given.
  Optional<String> text(String name) {
    return node(name).flatMap(Checked::text).filter(text -> !text.isEmpty());
  }

  List<String> texts(String name) {
    return items(name).stream().flatMap(item -> text(item).stream()).toList();
  }

  Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    if (values.get(name) instanceof Node.Fields fields) {
      for (Node.Field field : fields.values()) {
        text(field.value()).ifPresent(text -> map.put(field.name(), text));
      }
    }
    return map;
  }

  Optional<Integer> whole(String name) {
    return text(name).flatMap(Said::whole);
  }

  List<Integer> wholes(String name) {
    return texts(name).stream().flatMap(text -> Said.whole(text).stream()).toList();
  }

  boolean flag(String name) {
    return text(name).map(text -> text.equalsIgnoreCase("true")).orElse(false);
  }

  Optional<Duration> duration(String name) {
    return text(name).flatMap(Said::duration);
  }

  /// The elements of a list; none if it is not given.
  List<Node> items(String name) {
    return values.get(name) instanceof Node.Items items ? items.values() : List.of();
  }

  private static Optional<String> text(Node node) {
    return switch (node) {
      case Node.Scalar scalar when scalar.isNull() -> Optional.of("");
      case Node.Scalar scalar -> Optional.of(scalar.text());
      default -> Optional.empty();
    };
  }
}
