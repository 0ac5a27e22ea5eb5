package dev.dassie.server.console.preview;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The beginning of a Parquet file as a table, as one process tells it to another.
///
/// @param total rows of the file, as it says itself
/// @param columns those that were read, in the order of the file
/// @param omitted columns of the file that were not read
/// @param read rows that the columns were measured over
record ParquetTable(
    long total, List<Preview.Column> columns, int omitted, List<List<String>> rows, long read) {
  private static final int MOST = 10_000;

  ParquetTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(total);
    out.writeInt(columns.size());
    for (Preview.Column column : columns) {
      out.writeUTF(column.name());
      out.writeUTF(column.type());
      out.writeLong(column.empty());
      out.writeLong(column.distinct());
      out.writeUTF(column.least().orElse(""));
      out.writeUTF(column.most().orElse(""));
    }
    out.writeInt(omitted);
    out.writeInt(rows.size());
    for (List<String> row : rows) {
      for (String cell : row) {
        out.writeUTF(cell);
      }
    }
    out.writeLong(read);
  }

  /// @throws IOException also where it is none
  static ParquetTable read(DataInputStream in) throws IOException {
    long total = in.readLong();
    int width = bounded(in.readInt());
    List<Preview.Column> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(
          new Preview.Column(
              in.readUTF(),
              in.readUTF(),
              in.readLong(),
              in.readLong(),
              some(in.readUTF()),
              some(in.readUTF())));
    }
    int omitted = in.readInt();
    int height = bounded(in.readInt());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      List<String> row = new ArrayList<>(width);
      for (int cell = 0; cell < width; cell++) {
        row.add(in.readUTF());
      }
      rows.add(row);
    }
    return new ParquetTable(total, columns, omitted, rows, in.readLong());
  }

  private static Optional<String> some(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static int bounded(int count) throws IOException {
    if (count < 0 || count > MOST) {
      throw new IOException("no table");
    }
    return count;
  }
}
