package dev.dassie.store.sql;

import dev.dassie.metadata.Metadata;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// [Metadata] in a PostgreSQL database (13 or newer), which several servers may use at once: each
/// group of changes is one transaction under a lock that all of them share. Thread-safe.
///
/// A connection that breaks is replaced. While the database is away, calls wait for it so long as
/// [PostgresLimits] says, then are refused as `Unavailable`. A refused write has changed nothing;
/// where even that cannot be found out, the fault says so.
public final class PostgresMetadata implements Metadata {
  private static final int READERS = 8;

  private final Feed feed = new Feed();
  private final ReadPool readers;
  private final PostgresWriter writer;
  private final WriteQueue queue;
  private final PostgresFollower follower;
  private volatile boolean closed;

  private PostgresMetadata(
      PostgresAddress address, PostgresLimits limits, Optional<PostgresClaim> claim) {
    PostgresConnector connector = new PostgresConnector(address, limits);
    Connection first;
    try {
      first = connector.openPatiently();
      try {
        if (claim.isPresent()) {
          claim.get().lock(first);
        }
        Schema.upgradePostgres(first, PostgresWriter.LOCK, address.toString());
        if (claim.isPresent()) {
          claim.get().take(first);
        }
        feed.publish(new SqlRows(first).position());
      } catch (SQLException | RuntimeException e) {
        first.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqlFaults.atStart(address, e);
    }
    readers = new ReadPool(() -> new SqlRows(connector.openPatiently()), Dialect.POSTGRES, READERS);
    writer = new PostgresWriter(connector, claim);
    queue = new WriteQueue(writer, feed);
    follower =
        new PostgresFollower(
            connector,
            feed,
            first,
            connection -> {
              if (claim.isPresent()) {
                claim.get().keep(connection);
              }
            });
  }

  /// Connects, and makes or upgrades the schema. A newer schema is refused, as is a database that
  /// is too old or not in UTF-8. Others may open it too.
  public static PostgresMetadata shared(PostgresAddress address, PostgresLimits limits) {
    return new PostgresMetadata(address, limits, Optional.empty());
  }

  /// As [#shared], and refuses a database that another server opened in this way. Where the
  /// connection broke and another server has it now, every write is refused.
  ///
  /// @param holder who opens it, in words, for the message that another server gets
  /// @param whenLost called once, where another server took the database; it must return at once
  public static PostgresMetadata alone(
      PostgresAddress address, PostgresLimits limits, String holder, Runnable whenLost) {
    return new PostgresMetadata(
        address, limits, Optional.of(new PostgresClaim(address, holder, whenLost)));
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    return queue.write(change);
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    return readers.read(question::apply);
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
    follower.close();
    queue.close();
    writer.close();
    readers.close();
  }
}
