package dev.dassie.server.console.preview;

import dev.dassie.api.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes tables of text: of separated values, and of JSON that is a list of objects.
final class Tables {
  /// Rows that are shown; more are measured.
  static final int ROWS = 200;

  static final int COLUMNS = 60;
  private static final int CELL = 300;

  private Tables() {}

  /// @param whole whether the text is all of the file
  static Optional<Preview> of(String name, String text, boolean whole) {
    return switch (Kind.ending(name)) {
      case "json" -> whole ? array(text) : Optional.empty();
      case "jsonl", "ndjson" -> lines(text, whole);
      default -> separated(name, text, whole);
    };
  }

  private static Optional<Preview> separated(String name, String text, boolean whole) {
    Csv csv = new Csv(text, Csv.separator(name, text), whole);
    Optional<List<String>> head = csv.row();
    if (head.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = head.get().stream().limit(COLUMNS).toList();
    Columns columns = new Columns(names);
    List<List<String>> rows = new ArrayList<>();
    long read = 0;
    Optional<List<String>> row = csv.row();
    while (row.isPresent()) {
      columns.add(row.get());
      if (rows.size() < ROWS) {
        rows.add(fitted(row.get(), names.size()));
      }
      read++;
      row = csv.row();
    }
    return Optional.of(new Preview.Table(columns.done(), rows, read, whole && read == rows.size()));
  }

  private static List<String> fitted(List<String> row, int width) {
    List<String> cells = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      cells.add(i < row.size() ? cut(row.get(i)) : "");
    }
    return cells;
  }

  private static String cut(String value) {
    return value.length() > CELL ? value.substring(0, CELL) + "…" : value;
  }

  private static Optional<Preview> lines(String text, boolean whole) {
    List<JsonNode> objects = new ArrayList<>();
    List<String> lines = text.lines().toList();
    int end = whole || text.endsWith("\n") ? lines.size() : lines.size() - 1;
    for (String line : lines.subList(0, Math.max(0, end))) {
      if (!line.isBlank()) {
        Optional<JsonNode> value = parse(line);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        objects.add(value.get());
      }
    }
    return table(objects, whole);
  }

  private static Optional<Preview> array(String text) {
    return parse(text)
        .filter(ArrayNode.class::isInstance)
        .flatMap(array -> table(List.copyOf(array.valueStream().toList()), true));
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(Json.parse(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Preview> table(List<JsonNode> values, boolean whole) {
    if (values.isEmpty() || !values.stream().allMatch(ObjectNode.class::isInstance)) {
      return Optional.empty();
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode value : values) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        if (names.size() < COLUMNS) {
          names.add(field.getKey());
        }
      }
    }
    Columns columns = new Columns(List.copyOf(names));
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode value : values) {
      List<String> row = names.stream().map(name -> cell(value.path(name))).toList();
      columns.add(row);
      if (rows.size() < ROWS) {
        rows.add(row);
      }
    }
    return Optional.of(
        new Preview.Table(
            columns.done(), rows, values.size(), whole && rows.size() == values.size()));
  }

  private static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return cut(value.isString() ? value.stringValue() : Json.compact(value));
  }
}
