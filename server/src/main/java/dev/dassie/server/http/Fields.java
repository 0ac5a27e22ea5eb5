package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a JSON object that a client sent; a field of the wrong type is refused.
record Fields(ObjectNode object) {
  /// Refuses fields that are not among these, with the nearest name.
  Fields only(String... known) {
    List<String> names = Arrays.asList(known);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!names.contains(field.getKey())) {
        throw new Fault.Invalid(
                "The field",
                field.getKey(),
                "one of `" + String.join("`, `", names) + "`",
                Nearest.hint(field.getKey(), names))
            .asException();
      }
    }
    return this;
  }

  Optional<String> text(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw wrong(name, value, "text");
    }
    return Optional.of(value.stringValue());
  }

  String required(String name) {
    return text(name)
        .orElseThrow(() ->
            new Fault.Invalid("The body", object.toString(), "a field `" + name + "`")
                .asException());
  }

  boolean flag(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(name, value, "`true` or `false`");
    }
    return value.booleanValue();
  }

  Optional<Long> number(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, value, "a whole number");
    }
    return Optional.of(value.longValue());
  }

  /// Whether there is such a field, and not `null`.
  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /// An object within; without it an empty one.
  Fields object(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return new Fields(dev.dassie.api.Json.object());
    }
    if (value instanceof ObjectNode inner) {
      return new Fields(inner);
    }
    throw wrong(name, value, "an object");
  }

  /// A list of objects; absent where the field is.
  Optional<List<Fields>> objects(String name) {
    Optional<ArrayNode> list = list(name);
    if (list.isEmpty()) {
      return Optional.empty();
    }
    List<Fields> items = new ArrayList<>();
    for (JsonNode item : list.get()) {
      if (!(item instanceof ObjectNode inner)) {
        throw wrong(name, item, "a list of objects");
      }
      items.add(new Fields(inner));
    }
    return Optional.of(items);
  }

  List<String> texts(String name) {
    List<String> items = new ArrayList<>();
    if (list(name).isPresent()) {
      for (JsonNode item : list(name).get()) {
        if (!item.isString()) {
          throw wrong(name, item, "a list of texts");
        }
        items.add(item.stringValue());
      }
    }
    return items;
  }

  /// An object of texts, in its order.
  Map<String, String> map(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> pair : object(name).object().properties()) {
      if (!pair.getValue().isString()) {
        throw wrong(name + "." + pair.getKey(), pair.getValue(), "text");
      }
      pairs.put(pair.getKey(), pair.getValue().stringValue());
    }
    return pairs;
  }

  private Optional<ArrayNode> list(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value instanceof ArrayNode list) {
      return Optional.of(list);
    }
    throw wrong(name, value, "a list");
  }

  private static RuntimeException wrong(String name, JsonNode value, String expected) {
    String text = value.toString();
    return new Fault.Invalid(
            "The field `" + name + "`",
            text.length() > 80 ? text.substring(0, 80) + "…" : text,
            expected)
        .asException();
  }
}
