package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/// Opens connections to one PostgreSQL database, each with a limit on every wait. Thread-safe.
final class PostgresConnector {
  /// The first release with `pg_current_xact_id`.
  private static final int OLDEST = 13;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final PostgresAddress address;
  private final PostgresLimits limits;

  PostgresConnector(PostgresAddress address, PostgresLimits limits) {
    this.address = address;
    this.limits = limits;
  }

  PostgresLimits limits() {
    return limits;
  }

  /// Opens a connection, once, to a database of our own.
  Connection open() throws SQLException {
    Connection connection = connect();
    try {
      check(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Opens a connection, once, to any database.
  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(address.parameters());
    address.user().ifPresent(user -> properties.setProperty("user", user));
    address.password().ifPresent(password -> properties.setProperty("password", password));
    properties.putIfAbsent("ApplicationName", "dassie");
    String connect = Long.toString(Math.max(1, limits.connect().toSeconds()));
    properties.setProperty("connectTimeout", connect);
    properties.setProperty("loginTimeout", connect);
    // The server gives up first, and says so; this is for a server that says nothing any more.
    Duration silence = limits.statement().plus(limits.lock()).plusSeconds(5);
    properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty(
        "options",
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
                .formatted(
                    limits.statement().toMillis(),
                    limits.lock().toMillis(),
                    limits.idle().toMillis())
            + " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3");
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  /// Opens a connection; where the server does not answer, again and again until `patience` ends.
  Connection openPatiently() throws SQLException {
    long end = System.nanoTime() + limits.patience().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return open();
      } catch (SQLException e) {
        if (!SqlFaults.isLostConnection(e) || System.nanoTime() + pause.toNanos() > end) {
          throw e;
        }
      }
      try {
        Thread.sleep(pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted", "08000", e);
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /// Refuses databases that would not keep the promises of [dev.dassie.metadata.Metadata].
  private void check(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int / 10000,"
                    + " current_setting('server_encoding'),"
                    + " current_setting('synchronous_commit')")) {
      row.next();
      if (row.getInt(1) < OLDEST) {
        throw refused("version " + row.getInt(1), "PostgreSQL " + OLDEST + " or newer");
      }
      if (!row.getString(2).equals("UTF8")) {
        throw refused("the encoding " + row.getString(2), "the encoding UTF8");
      }
      if (row.getString(3).equals("off")) {
        statement.execute("SET synchronous_commit = on");
      }
    }
  }

  private RuntimeException refused(String found, String expected) {
    return new Fault.Conflict(
            "The database `%s` has %s, expected %s.".formatted(address, found, expected),
            Optional.of("Create one with `createdb --encoding=UTF8 --template=template0 dassie`."))
        .asException();
  }
}
