package dev.dassie.store.sql;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;

/// [Metadata] in one SQLite file (WAL, synchronous FULL). One thread writes and commits the changes
/// that wait together, so that many writers share one fsync. Reads use connections of their own and
/// see the last commit. Thread-safe.
public final class SqliteMetadata implements Metadata {
  private static final int READERS = 4;

  private final Path file;
  private final String url;
  private volatile SqlRows writer;
  private final Feed feed = new Feed();
  private final ReadPool readers;
  private final WriteQueue queue;
  private volatile boolean closed;

  /// Opens or creates the file, and upgrades its schema. A newer schema is refused.
  public SqliteMetadata(Path file) {
    this.file = file;
    url = "jdbc:sqlite:" + file;
    try {
      Connection connection = connect();
      Schema.upgradeSqlite(connection, file.toString());
      writer = new SqlRows(connection, true);
      feed.publish(writer.position());
    } catch (SQLException e) {
      throw SqlFaults.translate(e);
    }
    readers = new ReadPool(() -> new SqlRows(connect(), true), Dialect.SQLITE, READERS);
    queue = new WriteQueue(new Transactions(), feed);
  }

  private Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    // Else every change is followed by a query for a key that the database made up.
    config.setGetGeneratedKeys(false);
    Connection connection = DriverManager.getConnection(url, config.toProperties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA journal_size_limit = 67108864");
    }
    return connection;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    try {
      return queue.write(change);
    } catch (DassieException e) {
      throw e.fault().equals(SqlFaults.FULL)
          ? new DassieException(new Fault.Full(file.toString()), e)
          : e;
    }
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    return readers.read(question::apply);
  }

  @Override
  public Optional<Changes> changes() {
    return Optional.of(queue.changes());
  }

  @Override
  public long position() {
    return feed.position();
  }

  @Override
  public long awaitAfter(long after, Duration timeout) throws InterruptedException {
    return feed.awaitAfter(after, timeout);
  }

  @Override
  public List<Event> events(long after, int limit) {
    return readers.read(rows -> rows.events(after, limit));
  }

  /// Ends after the changes that wait already.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    feed.close();
    queue.close();
    readers.close();
    writer.close();
  }

  /// The file's one writer.
  private final class Transactions implements WriteQueue.Database {
    @Override
    public SqlRows begin() throws SQLException {
      if (writer.failed()) {
        writer.abandon();
        writer = new SqlRows(connect(), true);
      }
      writer.execute(Dialect.SQLITE.beginWrite());
      writer.forgetPosition();
      return writer;
    }

    @Override
    public void commit(boolean events) throws SQLException {
      writer.execute("COMMIT");
    }

    @Override
    public void rollBack() {
      try {
        writer.execute("ROLLBACK");
      } catch (SQLException e) {
        System.getLogger("dassie.metadata")
            .log(
                System.Logger.Level.WARNING,
                "rolling back after a failed commit: " + e.getMessage());
      }
    }
  }
}
