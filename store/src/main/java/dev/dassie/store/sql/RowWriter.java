package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import dev.dassie.pipeline.Egress;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;

/// Sends the rows of files to tables, as a stream. For one thread and one transaction.
final class RowWriter {
  private static final int BATCH = 500;
  private static final int LONGEST_HEADER = 1 << 20;
  private static final int LONGEST_LINE = 16 << 20;

  private final Connection connection;
  private final Egress.Database to;
  private final BooleanSupplier stopped;

  RowWriter(Connection connection, Egress.Database to, BooleanSupplier stopped) {
    this.connection = connection;
    this.to = to;
    this.stopped = stopped;
  }

  void write(String table, Entry.File file, Filesets files) throws SQLException, IOException {
    if (file.size() == 0) {
      return;
    }
    try (InputStream in = new BufferedInputStream(new Stoppable(files.open(file)), 1 << 16)) {
      switch (to.format()) {
        case CSV -> csv(table, file, in);
        case JSON -> json(table, file, in);
      }
    }
  }

  private void csv(String table, Entry.File file, InputStream in) throws SQLException, IOException {
    String columns = "";
    if (!to.columns().isEmpty()) {
      List<String> header = header(file, in);
      boolean same =
          header.size() == to.columns().size()
              && new HashSet<>(header).equals(new HashSet<>(to.columns()));
      if (!same) {
        throw new Fault.Failed(
                "The header of `%s` is `%s`, expected the columns `%s`."
                    .formatted(
                        file.path(), String.join(",", header), String.join(",", to.columns())),
                Optional.empty())
            .asException();
      }
      columns = " (" + list(header) + ")";
    }
    String copy =
        "COPY %s%s FROM STDIN WITH (FORMAT csv)".formatted(PostgresOutlet.quoted(table), columns);
    long _ = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, in);
  }

  /// Reads the first record, of fields that may be quoted; what follows stays in the stream.
  private static List<String> header(Entry.File file, InputStream in) throws IOException {
    List<String> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    boolean quoted = false;
    int read = 0;
    for (int c = in.read(); c >= 0 && (quoted || c != '\n'); c = in.read()) {
      if (++read > LONGEST_HEADER) {
        throw new Fault.Failed(
                "The header of `%s` does not end within 1 MiB.".formatted(file.path()),
                Optional.empty())
            .asException();
      }
      if (c == '"') {
        in.mark(1);
        boolean twice = quoted && in.read() == '"';
        if (twice) {
          field.write('"');
        } else {
          if (quoted) {
            in.reset();
          }
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString(StandardCharsets.UTF_8));
        field.reset();
      } else if (c != '\r' || quoted) {
        field.write(c);
      }
    }
    fields.add(field.toString(StandardCharsets.UTF_8));
    return fields;
  }

  private void json(String table, Entry.File file, InputStream in)
      throws SQLException, IOException {
    String name = PostgresOutlet.quoted(table);
    String columns = list(to.columns());
    String insert =
        "INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, ?::jsonb)"
            .formatted(name, columns, columns, name);
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      int waiting = 0;
      long number = 0;
      for (byte[] line = line(in, file, ++number);
          line.length > 0;
          line = line(in, file, ++number)) {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
          statement.setString(1, text);
          statement.addBatch();
          waiting++;
        }
        if (waiting == BATCH) {
          int[] _ = statement.executeBatch();
          waiting = 0;
        }
      }
      int[] _ = statement.executeBatch();
    }
  }

  /// A line with its end; nothing at the end of the stream.
  private static byte[] line(InputStream in, Entry.File file, long number) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.write(c);
      if (c == '\n') {
        break;
      }
      if (line.size() > LONGEST_LINE) {
        throw new Fault.Failed(
                "Line %d of `%s` has more than 16 MiB.".formatted(number, file.path()),
                Optional.empty())
            .asException();
      }
    }
    return line.toByteArray();
  }

  private static String list(List<String> names) {
    return String.join(", ", names.stream().map(PostgresOutlet::identifier).toList());
  }

  /// Ends where the work is to stop.
  private final class Stoppable extends FilterInputStream {
    Stoppable(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (stopped.getAsBoolean()) {
        throw new IOException("it was stopped");
      }
      return super.read(bytes, offset, length);
    }
  }
}
