package dev.dassie.store.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Hears of events that other servers of the database wrote, and tells the feed. Its thread waits
/// on a connection of its own; should a notice be lost, it looks every few seconds anyway.
final class PostgresFollower implements AutoCloseable {
  static final String CHANNEL = "dassie_feed";

  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Between two tries to connect.
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final Duration END = Duration.ofSeconds(10);

  private final PostgresConnector connector;
  private final Feed feed;
  private final Watch watch;
  private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /// What else is to be looked at on each connection, at once and every few seconds.
  interface Watch {
    void look(Connection connection) throws SQLException;
  }

  /// @param first the connection to begin with
  PostgresFollower(PostgresConnector connector, Feed feed, Connection first, Watch watch) {
    this.connector = connector;
    this.feed = feed;
    this.watch = watch;
    current.set(first);
    thread = Thread.ofPlatform().name("metadata-feed").daemon(true).start(() -> follow(first));
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void follow(Connection first) {
    try {
      listenOn(() -> first);
      while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        listenOn(connector::openPatiently);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Opener {
    Connection open() throws SQLException;
  }

  private void listenOn(Opener opener) {
    try (Connection connection = opener.open()) {
      current.set(connection);
      listen(connection);
    } catch (SQLException | RuntimeException e) {
      if (!closed()) {
        System.getLogger("dassie.metadata")
            .log(System.Logger.Level.WARNING, "following the feed: " + e.getMessage());
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection notices = connection.unwrap(PGConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      while (!closed()) {
        watch.look(connection);
        try (ResultSet row =
            statement.executeQuery("SELECT COALESCE(MAX(position), 0) FROM feed")) {
          row.next();
          feed.publish(row.getLong(1));
        }
        notices.getNotifications((int) LOOK.toMillis());
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    Connection connection = current.get();
    try {
      if (connection != null) {
        // Ends the wait for a notice: closing the socket is all that it hears.
        connection.abort(Runnable::run);
      }
      thread.join(END);
    } catch (SQLException e) {
      System.getLogger("dassie.metadata")
          .log(System.Logger.Level.DEBUG, "closing a connection: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
