package dev.dassie.server.console.preview;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What differs between two tables that have the same columns, row by row: rows are the same where
/// their first column is, which must be different in each row of a table.
///
/// @param rows those that differ, in the order of the newer table, then those it lost
/// @param whole whether these are all of them
public record TableDiff(
    List<String> columns, List<Row> rows, long added, long removed, long changed, boolean whole) {
  /// The largest table that is compared, in bytes.
  public static final int MAX_BYTES = 1 << 20;

  private static final int SHOWN = 300;

  public TableDiff {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /// A row that differs.
  ///
  /// @param change `added`, `removed` or `changed`
  public record Row(String change, List<Cell> cells) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /// A value, and the one before where that was another.
  public record Cell(String value, Optional<String> before) {}

  /// Nothing where they are no such tables.
  public static Optional<TableDiff> of(String name, byte[] old, byte[] now) {
    Optional<Keyed> before = Keyed.read(name, old);
    Optional<Keyed> after = Keyed.read(name, now);
    if (before.isEmpty()
        || after.isEmpty()
        || !before.get().columns().equals(after.get().columns())) {
      return Optional.empty();
    }
    return Optional.of(compare(before.get(), after.get()));
  }

  private static TableDiff compare(Keyed before, Keyed after) {
    List<Row> rows = new ArrayList<>();
    long added = 0;
    long changed = 0;
    for (Map.Entry<String, List<String>> row : after.rows().entrySet()) {
      Optional<List<String>> old = Optional.ofNullable(before.rows().get(row.getKey()));
      if (old.equals(Optional.of(row.getValue()))) {
        continue;
      }
      added += old.isEmpty() ? 1 : 0;
      changed += old.isEmpty() ? 0 : 1;
      rows.add(new Row(old.isEmpty() ? "added" : "changed", cells(row.getValue(), old)));
    }
    Set<String> gone = new HashSet<>();
    for (Map.Entry<String, List<String>> row : before.rows().entrySet()) {
      if (!after.rows().containsKey(row.getKey())) {
        gone.add(row.getKey());
        rows.add(new Row("removed", cells(row.getValue(), Optional.empty())));
      }
    }
    return new TableDiff(
        after.columns(),
        rows.stream().limit(SHOWN).toList(),
        added,
        gone.size(),
        changed,
        rows.size() <= SHOWN);
  }

  private static List<Cell> cells(List<String> values, Optional<List<String>> old) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      int column = i;
      String value = values.get(i);
      cells.add(
          new Cell(
              value,
              old.filter(row -> column < row.size())
                  .map(row -> row.get(column))
                  .filter(before -> !before.equals(value))));
    }
    return cells;
  }

  /// A table by its first column.
  private record Keyed(List<String> columns, Map<String, List<String>> rows) {
    static Optional<Keyed> read(String name, byte[] bytes) {
      Optional<String> text = Previews.decoded(bytes, false);
      if (text.isEmpty() || Kind.ending(name).startsWith("json") || name.endsWith(".ndjson")) {
        return Optional.empty();
      }
      Csv csv = new Csv(text.get(), Csv.separator(name, text.get()), true);
      Optional<List<String>> columns = csv.row();
      if (columns.isEmpty() || columns.get().size() > Tables.COLUMNS) {
        return Optional.empty();
      }
      Map<String, List<String>> rows = new LinkedHashMap<>();
      Optional<List<String>> row = csv.row();
      while (row.isPresent()) {
        if (row.get().size() != columns.get().size()
            || rows.put(row.get().getFirst(), row.get()) != null) {
          return Optional.empty();
        }
        row = csv.row();
      }
      return Optional.of(new Keyed(columns.get(), rows));
    }
  }
}
