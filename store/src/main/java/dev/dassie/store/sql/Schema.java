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
                tbl {text} NOT NULL,
                name {text} NOT NULL,
                value {bytes} NOT NULL,
                PRIMARY KEY (tbl, name)
              ){clustered}\
              """,
              "CREATE TABLE feed (position {number} PRIMARY KEY, value {bytes} NOT NULL)"));

  /// The version that this program writes.
  static final int VERSION = STEPS.size();

  private Schema() {}

  /// Brings a SQLite database to [#VERSION], one transaction a step; refuses a newer one. The
  /// version is the file's `user_version`.
  static void upgradeSqlite(Connection connection, String place) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = number(statement, "PRAGMA user_version");
      checkKnown(version, place);
      for (int step = version; step < VERSION; step++) {
        statement.execute(Dialect.SQLITE.beginWrite());
        run(statement, Dialect.SQLITE, step);
        statement.execute("PRAGMA user_version = " + (step + 1));
        statement.execute("COMMIT");
      }
    }
  }

  /// Brings a PostgreSQL schema to [#VERSION] in one transaction; refuses a newer one. The version
  /// stands in the table `dassie_schema`. Several servers may call this at once: `lock` makes the
  /// others wait.
  static void upgradePostgres(Connection connection, String lock, String place)
      throws SQLException {
    Dialect dialect = Dialect.POSTGRES;
    try (Statement statement = connection.createStatement()) {
      statement.execute(dialect.beginWrite());
      statement.execute(lock);
      statement.execute(
          dialect.fill("CREATE TABLE IF NOT EXISTS dassie_schema (version {number} NOT NULL)"));
      int version = number(statement, "SELECT COALESCE(MAX(version), 0) FROM dassie_schema");
      checkKnown(version, place);
      for (int step = version; step < VERSION; step++) {
        run(statement, dialect, step);
      }
      if (version < VERSION) {
        statement.execute("DELETE FROM dassie_schema");
        statement.execute("INSERT INTO dassie_schema (version) VALUES (" + VERSION + ")");
      }
      statement.execute("COMMIT");
    }
  }

  private static void checkKnown(int version, String place) {
    if (version > VERSION) {
      throw new Fault.Conflict(
              "The database `%s` has format %d, and this Dassie reads up to %d."
                  .formatted(place, version, VERSION),
              Optional.of("Start it with the newer Dassie that wrote it."))
          .asException();
    }
  }

  private static void run(Statement statement, Dialect dialect, int step) throws SQLException {
    for (String sql : STEPS.get(step)) {
      statement.execute(dialect.fill(sql));
    }
  }

  private static int number(Statement statement, String question) throws SQLException {
    try (ResultSet rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
