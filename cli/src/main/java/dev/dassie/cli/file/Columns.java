package dev.dassie.cli.file;

import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What tables and `inspect` show of files and differences.
final class Columns {
  static final List<Column> FILES =
      List.of(
          Column.text("NAME", "path"),
          Column.of("TYPE", (item, view) -> type(item)),
          Column.size("SIZE", "size_bytes"));
  static final List<Column> FILE =
      List.of(
          Column.text("Path", "path"),
          Column.of("Type", (item, view) -> type(item)),
          Column.size("Size", "size_bytes"),
          Column.text("Files", "files"),
          Column.text("Content type", "content_type"),
          Column.text("Hash", "hash"));
  static final List<Column> DIFFERENCES =
      List.of(
          Column.text("CHANGE", "change"),
          Column.text("PATH", "path"),
          Column.size("OLD SIZE", "old.size_bytes"),
          Column.size("NEW SIZE", "new.size_bytes"));

  private Columns() {}

  private static String type(JsonNode item) {
    boolean executable = item.path("executable").asBoolean(false);
    return Cells.text(item, "kind") + (executable ? " (executable)" : "");
  }
}
