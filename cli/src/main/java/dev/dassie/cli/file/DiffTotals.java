package dev.dassie.cli.file;

import dev.dassie.api.Json;
import dev.dassie.cli.terminal.Column;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How many files differ, and by how many bytes. Not thread-safe.
final class DiffTotals {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("Added", "added"),
          Column.text("Removed", "removed"),
          Column.text("Changed", "changed"),
          Column.size("Bytes before", "old_bytes"),
          Column.size("Bytes now", "new_bytes"));

  private long added;
  private long removed;
  private long changed;
  private long oldBytes;
  private long newBytes;

  void add(JsonNode difference) {
    switch (difference.path("change").asString("")) {
      case "added" -> added++;
      case "removed" -> removed++;
      default -> changed++;
    }
    oldBytes += difference.path("old").path("size_bytes").asLong(0);
    newBytes += difference.path("new").path("size_bytes").asLong(0);
  }

  long files() {
    return added + removed + changed;
  }

  /// Bytes are those of the files that differ, on either side.
  ObjectNode json() {
    return Json.object()
        .put("added", added)
        .put("removed", removed)
        .put("changed", changed)
        .put("old_bytes", oldBytes)
        .put("new_bytes", newBytes);
  }
}
