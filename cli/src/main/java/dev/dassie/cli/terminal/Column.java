package dev.dassie.cli.terminal;

import tools.jackson.databind.JsonNode;

/// One column of a table, or one line of an `inspect`.
///
/// @param right whether cells stand at the right edge, as numbers do
public record Column(String title, boolean right, Cell cell) {
  /// Reads what a column shows out of an item.
  @FunctionalInterface
  public interface Cell {
    String of(JsonNode item, View view);
  }

  public static Column of(String title, Cell cell) {
    return new Column(title, false, cell);
  }

  /// The text at a key.
  public static Column text(String title, String key) {
    return of(title, (item, view) -> Cells.text(item, key));
  }

  /// The time at a key.
  public static Column time(String title, String key) {
    return of(title, (item, view) -> Cells.time(item, key, view));
  }

  /// The bytes at a key.
  public static Column size(String title, String key) {
    return new Column(title, true, (item, view) -> Cells.size(item, key));
  }

  /// The number at a key.
  public static Column number(String title, String key) {
    return new Column(title, true, (item, view) -> Cells.text(item, key));
  }

  /// The milliseconds at a key.
  public static Column duration(String title, String key) {
    return new Column(title, true, (item, view) -> Cells.duration(item, key));
  }
}
