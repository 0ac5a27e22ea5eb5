package dev.dassie.cli.secret;

import dev.dassie.cli.terminal.Column;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What tables and `inspect` show of secrets and access keys.
final class Columns {
  static final List<Column> SECRETS =
      List.of(
          Column.text("NAME", "name"),
          Column.text("TYPE", "type"),
          Column.number("VERSION", "version"),
          Column.of("KEYS", (item, view) -> keys(item)),
          Column.time("UPDATED", "updated"));
  static final List<Column> SECRET =
      List.of(
          Column.text("Name", "name"),
          Column.text("Project", "project"),
          Column.text("Type", "type"),
          Column.text("Version", "version"),
          Column.of("Keys", (item, view) -> keys(item)),
          Column.time("Created", "created"),
          Column.time("Updated", "updated"),
          Column.text("Author", "author"));

  static final List<Column> ACCESS_KEYS =
      List.of(
          Column.text("ID", "id"),
          Column.text("AUTHOR", "author"),
          Column.time("CREATED", "created"));

  private Columns() {}

  private static String keys(JsonNode item) {
    List<String> keys = new ArrayList<>();
    item.path("keys").forEach(key -> keys.add(key.asString("")));
    return String.join(", ", keys);
  }
}
