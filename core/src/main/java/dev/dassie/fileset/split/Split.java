package dev.dassie.fileset.split;

import dev.dassie.fault.Fault;

/// How a stream of records becomes parts (design D17). A part ends with the record by which it has
/// `targetBytes` bytes or `targetRows` records, whichever comes first, its header not counted; 0 is
/// no such limit, and with neither every record is a part of its own. So the parts depend on the
/// bytes alone, and records that are added at the end change no part but the last.
///
/// @param delimiter what separates the fields of CSV; a field may begin with a quote behind it
/// @param headerRows records at the start that every part begins with
public record Split(Form form, char delimiter, int headerRows, long targetBytes, long targetRows) {
  public static final char COMMA = ',';
  private static final int MAX_HEADER_ROWS = 1000;

  /// What a record is.
  public enum Form {
    /// A line, with the newline at its end.
    LINE,
    /// A row of CSV (RFC 4180): newlines in quoted fields do not end it.
    CSV,
    /// A JSON value, with the space behind it.
    JSON
  }

  public Split {
    if (headerRows < 0 || headerRows > MAX_HEADER_ROWS) {
      throw new Fault.Invalid(
              "The number of header records", Integer.toString(headerRows), "0 to 1,000")
          .asException();
    }
    if (targetBytes < 0 || targetRows < 0) {
      throw new Fault.Invalid(
              "The target of a part",
              Long.toString(Math.min(targetBytes, targetRows)),
              "a number that is not negative")
          .asException();
    }
    if (form == Form.JSON && headerRows > 0) {
      throw new Fault.Invalid("The form", "json", "`line` or `csv` where there is a header")
          .asException();
    }
    if (delimiter > '~' || (delimiter < ' ' && delimiter != '\t') || delimiter == '"') {
      throw new Fault.Invalid(
              "The delimiter", String.valueOf(delimiter), "an ASCII character, not a quote")
          .asException();
    }
  }

  /// The name of a part, numbered from 0: 16 hex digits, as Pachyderm names them.
  public static String name(long part) {
    return "%016x".formatted(part);
  }

  boolean isFull(long bytes, long rows) {
    boolean either = targetBytes > 0 || targetRows > 0;
    return !either
        || (targetBytes > 0 && bytes >= targetBytes)
        || (targetRows > 0 && rows >= targetRows);
  }

  RecordEnds ends() {
    return switch (form) {
      case LINE -> new LineEnds();
      case CSV -> new CsvEnds((byte) delimiter);
      case JSON -> new JsonEnds();
    };
  }
}
