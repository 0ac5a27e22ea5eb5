package dev.dassie.store.sql;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The transactions of the writer's thread. Each first takes the lock that all servers of the
/// database share, so that positions of the feed are given in the order of commits.
///
/// Where the connection breaks before a change has run, another one is opened and nobody notices.
/// Where it breaks while the transaction commits, the server is asked what became of it: each
/// transaction has a number, and the server remembers how it ended. Not thread-safe.
final class PostgresWriter implements WriteQueue.Database {
  /// Held to the end of the transaction; 0x44617373 is `Dass`. Another schema is another lock.
  static final String LOCK = "SELECT pg_advisory_xact_lock(1147237235, hashtext(current_schema()))";

  /// Times that a transaction is begun anew.
  private static final int TRIES = 3;

  private final PostgresConnector connector;
  private final Optional<PostgresClaim> claim;
  private @Nullable SqlRows rows;
  private String transaction = "";
  private int process;

  PostgresWriter(PostgresConnector connector, Optional<PostgresClaim> claim) {
    this.connector = connector;
    this.claim = claim;
  }

  @Override
  public SqlRows begin() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        SqlRows begun = connected();
        begun.execute(Dialect.POSTGRES.beginWrite());
        begun.execute(LOCK);
        begun.forgetPosition();
        claim.ifPresent(one -> one.check(begun));
        identify(begun);
        return begun;
      } catch (SQLException e) {
        if (!SqlFaults.isLostConnection(e) || attempt == TRIES) {
          throw e;
        }
        drop();
      }
    }
  }

  private SqlRows connected() throws SQLException {
    if (rows == null) {
      Connection connection = connector.openPatiently();
      if (!transaction.isEmpty()) {
        endOld(connection);
      }
      rows = new SqlRows(connection);
    }
    return rows;
  }

  private void identify(SqlRows begun) throws SQLException {
    try (Statement statement = begun.statement();
        ResultSet row =
            statement.executeQuery("SELECT pg_current_xact_id()::text, pg_backend_pid()")) {
      row.next();
      transaction = row.getString(1);
      process = row.getInt(2);
    }
  }

  @Override
  public void commit(boolean events) throws SQLException {
    if (rows == null) {
      throw new IllegalStateException("no transaction was begun");
    }
    try {
      rows.execute(events ? "NOTIFY " + PostgresFollower.CHANNEL + "; COMMIT" : "COMMIT");
      transaction = "";
    } catch (SQLException e) {
      if (!SqlFaults.isLostConnection(e)) {
        throw e;
      }
      drop();
      if (!committed(e)) {
        throw e;
      }
    }
  }

  /// Whether the transaction whose connection broke was committed, which the server knows.
  private boolean committed(SQLException lost) {
    try (Connection connection = connector.openPatiently()) {
      endOld(connection);
      Optional<String> status = status(connection);
      // It was told to end and takes its time; its row locks are not needed to wait for it.
      long end = System.nanoTime() + connector.limits().patience().toNanos();
      while (status.equals(Optional.of("in progress")) && System.nanoTime() < end) {
        Thread.onSpinWait();
        status = status(connection);
      }
      if (status.equals(Optional.of("committed")) || status.equals(Optional.of("aborted"))) {
        transaction = "";
        return status.get().equals("committed");
      }
    } catch (SQLException e) {
      lost.addSuppressed(e);
    }
    throw new DassieException(
        new Fault.Unavailable(
            "The database",
            "the connection broke during a commit, and whether it was made cannot be found out"),
        lost);
  }

  private Optional<String> status(Connection connection) throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement("SELECT pg_xact_status(CAST(? AS xid8))")) {
      ask.setString(1, transaction);
      try (ResultSet row = ask.executeQuery()) {
        row.next();
        return Optional.ofNullable(row.getString(1));
      }
    }
  }

  /// Ends the transaction that a broken connection may have left behind, with its lock.
  private void endOld(Connection connection) throws SQLException {
    try (PreparedStatement end =
        connection.prepareStatement(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE pid = ? AND backend_xid = CAST(CAST(? AS xid8) AS xid)")) {
      end.setInt(1, process);
      end.setString(2, transaction);
      end.execute();
    }
  }

  @Override
  public void rollBack() {
    if (rows == null) {
      return;
    }
    try {
      rows.execute("ROLLBACK");
      transaction = "";
    } catch (SQLException e) {
      drop();
    }
  }

  private void drop() {
    if (rows != null) {
      rows.abandon();
      rows = null;
    }
  }

  /// Called when the writer's thread has ended.
  void close() {
    drop();
  }
}
