package dev.dassie.server.console.preview;

import java.util.List;
import java.util.Optional;

/// A file as a page shows it. Nothing in it is markup, save what says so.
public sealed interface Preview {
  /// Lines of text.
  ///
  /// @param firstLine the number of the first line, where it is known
  record Text(String text, long lines, Optional<Long> firstLine, Window window)
      implements Preview {}

  /// Bytes as 16 a line.
  record Hex(List<HexLine> lines, Window window) implements Preview {}

  /// @param offset of the first byte, in hex
  record HexLine(String offset, String bytes, String letters) {}

  /// Rows and columns.
  ///
  /// @param rows the first of them, each as long as there are columns
  /// @param read how many rows the columns were measured over
  /// @param whole whether these are all rows of the file
  /// @param total rows of the file, where it says so itself
  /// @param omitted columns of the file that are not among these
  record Table(
      List<Column> columns,
      List<List<String>> rows,
      long read,
      boolean whole,
      Optional<Long> total,
      int omitted)
      implements Preview {
    public Table(List<Column> columns, List<List<String>> rows, long read, boolean whole) {
      this(columns, rows, read, whole, Optional.empty(), 0);
    }

    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /// A column, and what its values are over the rows that were read.
  ///
  /// @param type `integer`, `number`, `boolean`, `date`, `text` or `empty`; of a file that has
  ///   types what it calls them
  /// @param distinct different values, at most [Columns#DISTINCT_MAX]
  record Column(
      String name,
      String type,
      long empty,
      long distinct,
      Optional<String> least,
      Optional<String> most) {
    /// Whether its values stand best at the right.
    public boolean isNumber() {
      return type.startsWith("integer") || type.startsWith("number");
    }
  }

  /// An image that a browser can show.
  record Image() implements Preview {}

  /// A page in a frame of its own, without scripts.
  record Page() implements Preview {}

  /// Markup that was made here from Markdown; what was markup in the file is text in it.
  record Markdown(String html, boolean whole) implements Preview {}

  /// Cells of a Jupyter notebook.
  record Notebook(List<Cell> cells, boolean whole) implements Preview {
    public Notebook {
      cells = List.copyOf(cells);
    }
  }

  /// One cell.
  ///
  /// @param kind `markdown`, `code` or `raw`
  /// @param html of a Markdown cell, as [Markdown#html]
  record Cell(String kind, String source, Optional<String> html, List<Output> outputs) {
    public Cell {
      outputs = List.copyOf(outputs);
    }
  }

  /// What a cell left: text, or a PNG image in Base64.
  record Output(String text, Optional<String> png) {}

  /// A file without bytes.
  record Empty() implements Preview {}

  /// A file that is not shown, for the reason in the sentence.
  record Unshown(String sentence) implements Preview {}

  /// Which part of a file is shown.
  ///
  /// @param from offset of the first byte
  /// @param next offset of the byte after the last one, where the file goes on
  record Window(long from, Optional<Long> next) {}
}
