package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// The tables, by version. A step, once released, never changes; a new version is a new step.
final class Schema {
  /// Each element brings the database from the version of its index to the next.
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE row (
                tbl TEXT NOT NULL,
                name TEXT NOT NULL,
                value BLOB NOT NULL,
                PRIMARY KEY (tbl, name)
              ) WITHOUT ROWID\
              """,
              "CREATE TABLE feed (position INTEGER PRIMARY KEY, value BLOB NOT NULL)"));

  /// The version that this program writes.
  static final int VERSION = STEPS.size();

  private Schema() {}

  /// Brings the database to [#VERSION], one transaction a step; refuses a newer one.
  static void upgrade(Connection connection, String place) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = version(statement);
      if (version > VERSION) {
        throw new Fault.Conflict(
                "The database `%s` has format %d, and this Dassie reads up to %d."
                    .formatted(place, version, VERSION),
                Optional.of("Start it with the newer Dassie that wrote it."))
            .asException();
      }
      for (int step = version; step < VERSION; step++) {
        statement.execute("BEGIN IMMEDIATE");
        for (String sql : STEPS.get(step)) {
          statement.execute(sql);
        }
        statement.execute("PRAGMA user_version = " + (step + 1));
        statement.execute("COMMIT");
      }
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
