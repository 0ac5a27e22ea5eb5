package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections for reading, each with its prepared statements: opened when they are first needed,
/// at most so many, kept until the pool is closed or they break. Thread-safe.
final class ReadPool implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Opens a connection.
  interface Opener {
    SqlRows open() throws SQLException;
  }

  private final Opener opener;
  private final Dialect dialect;
  private final BlockingQueue<SqlRows> idle;
  private final Semaphore permits;
  private volatile boolean closed;

  ReadPool(Opener opener, Dialect dialect, int most) {
    this.opener = opener;
    this.dialect = dialect;
    idle = new ArrayBlockingQueue<>(most);
    permits = new Semaphore(most, true);
  }

  /// Asks one question of one snapshot. A connection that broke while it was idle is replaced; once
  /// the question runs, a break is a fault.
  <T> T read(Function<SqlRows, T> question) {
    acquire();
    try {
      SqlRows rows = begin();
      boolean sound = false;
      try {
        T answer = question.apply(rows);
        rows.execute("COMMIT");
        sound = true;
        return answer;
      } catch (SQLException e) {
        throw SqlFaults.translate(e);
      } finally {
        giveBack(rows, sound);
      }
    } finally {
      permits.release();
    }
  }

  private void acquire() {
    boolean acquired = false;
    try {
      acquired = !closed && permits.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closed || !acquired) {
      if (acquired) {
        permits.release();
      }
      throw new Fault.Unavailable("The database", closed ? "it is closed" : "all readers are busy")
          .asException();
    }
  }

  /// A connection in a transaction: an idle one that still works, or else a new one.
  private SqlRows begin() {
    for (@Nullable SqlRows rows = idle.poll(); rows != null; rows = idle.poll()) {
      try {
        rows.execute(dialect.beginRead());
        return rows;
      } catch (SQLException e) {
        rows.abandon();
      }
    }
    try {
      SqlRows rows = opener.open();
      try {
        rows.execute(dialect.beginRead());
      } catch (SQLException e) {
        rows.abandon();
        throw e;
      }
      return rows;
    } catch (SQLException e) {
      throw SqlFaults.translate(e);
    }
  }

  /// After a question that threw, the connection is kept where its transaction can be ended.
  private void giveBack(SqlRows rows, boolean sound) {
    boolean keep = sound;
    if (!sound) {
      try {
        rows.execute("ROLLBACK");
        keep = !rows.failed();
      } catch (SQLException e) {
        keep = false;
      }
    }
    if (!keep || closed || !idle.offer(rows)) {
      rows.abandon();
    } else if (closed && idle.remove(rows)) {
      rows.abandon();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (@Nullable SqlRows rows = idle.poll(); rows != null; rows = idle.poll()) {
      rows.abandon();
    }
  }
}
