package dev.dassie.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Rows aligned in columns. Widths come from the first [#AHEAD] rows, so that a list of any length
/// is printed at constant memory; a later, wider cell pushes its own row only. For one thread.
public final class Table {
  private static final int AHEAD = 1000;
  private static final String GAP = "  ";
  private final List<Column> columns;
  private final View view;
  private final PrintStream out;
  private final List<List<String>> waiting = new ArrayList<>();
  private int[] widths = {};
  private boolean begun;

  public Table(List<Column> columns, View view, PrintStream out) {
    this.columns = List.copyOf(columns);
    this.view = view;
    this.out = out;
  }

  public void add(JsonNode item) {
    List<String> row = new ArrayList<>(columns.size());
    for (Column column : columns) {
      row.add(Safe.line(column.cell().of(item, view)));
    }
    if (begun) {
      print(row);
      return;
    }
    waiting.add(row);
    if (waiting.size() == AHEAD) {
      begin();
    }
  }

  /// Prints what waits. An empty table is its head alone; a table whose columns have no titles has
  /// no head.
  public void end() {
    if (!begun) {
      begin();
    }
  }

  /// An item as `Title: value` lines, empty values left out.
  public static void details(List<Column> columns, JsonNode item, View view, PrintStream out) {
    for (Column column : columns) {
      String value = Safe.line(column.cell().of(item, view));
      if (!value.isEmpty()) {
        out.println(column.title() + ": " + value);
      }
    }
  }

  private void begin() {
    List<String> head = columns.stream().map(Column::title).toList();
    widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(head.get(i));
      for (List<String> row : waiting) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    begun = true;
    if (head.stream().anyMatch(title -> !title.isEmpty())) {
      print(head);
    }
    waiting.forEach(this::print);
    waiting.clear();
  }

  private void print(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String space = " ".repeat(Math.max(0, widths[i] - width(cell)));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? space + cell : cell + space);
    }
    out.println(line.toString().stripTrailing());
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
