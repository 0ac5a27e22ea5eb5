package dev.dassie.store.sql;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The right of one server to a database, which has two halves. A lock of its session keeps others
/// from starting while it lives. A number in the row `server`/`claim`, one higher with each claim,
/// is compared in every transaction of the writer: a server whose session broke, and whose claim
/// another took meanwhile, changes nothing more, whatever it knows. Thread-safe.
final class PostgresClaim {
  static final Metadata.Key KEY = new Metadata.Key("server", "claim");

  private static final int VERSION = 1;

  /// Beside the writer's lock; 0x44617374 follows it.
  private static final String ARGUMENTS = "(1147237236, hashtext(current_schema()))";

  private static final String LOCK = "SELECT pg_try_advisory_lock" + ARGUMENTS;
  private static final String UNLOCK = "SELECT pg_advisory_unlock" + ARGUMENTS;

  /// So long a server that was just killed may seem to be there.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final PostgresAddress address;
  private final String holder;
  private final Runnable whenLost;
  private final AtomicBoolean lost = new AtomicBoolean();
  private volatile byte[] ours = {};

  /// The connection whose session was asked for the lock, and whether it has it; used by one thread
  /// at a time.
  private @Nullable Connection session;

  private boolean locked;

  /// @param holder who claims, for the message that others get
  /// @param whenLost called once, where another server took the claim; it must return at once
  PostgresClaim(PostgresAddress address, String holder, Runnable whenLost) {
    this.address = address;
    this.holder = holder;
    this.whenLost = whenLost;
  }

  /// Waits for the lock, for a server that starts.
  void lock(Connection connection) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ask(connection, LOCK)) {
      if (System.nanoTime() > end) {
        throw taken(read(connection));
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw taken(Optional.empty());
      }
    }
  }

  /// Counts one further, under the writer's lock: from here on whoever had the claim is shut out.
  void take(Connection connection) throws SQLException {
    SqlRows rows = new SqlRows(connection);
    rows.execute(Dialect.POSTGRES.beginWrite());
    rows.execute(PostgresWriter.LOCK);
    long number = rows.get(KEY).map(PostgresClaim::number).orElse(0L) + 1;
    ours = new Encoder().u8(VERSION).fixed64(number).string(holder).toBytes();
    rows.put(KEY, ours);
    rows.execute("COMMIT");
    session = connection;
    locked = true;
  }

  /// To be called now and then with the connection that the server holds on to: takes the lock
  /// again where that is a new one, and looks whether the claim still is ours.
  void keep(Connection connection) throws SQLException {
    if (lost.get()) {
      return;
    }
    locked = locked && connection.equals(session);
    session = connection;
    // An old session of ours may hold it until the database notices that we are gone.
    locked = locked || ask(connection, LOCK);
    if (!isOurs(read(connection))) {
      lose();
      if (locked) {
        boolean _ = ask(connection, UNLOCK);
      }
    }
  }

  /// Refuses a transaction where another server has the database.
  void check(SqlRows rows) {
    Optional<byte[]> now = rows.get(KEY);
    if (!isOurs(now)) {
      lose();
      throw taken(now);
    }
  }

  private boolean isOurs(Optional<byte[]> row) {
    return row.isPresent() && Arrays.equals(row.get(), ours);
  }

  private void lose() {
    if (lost.compareAndSet(false, true)) {
      whenLost.run();
    }
  }

  private static boolean ask(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /// The row, also of a database in which no table was made yet.
  private static Optional<byte[]> read(Connection connection) throws SQLException {
    return ask(connection, "SELECT to_regclass('row') IS NOT NULL")
        ? value(connection)
        : Optional.empty();
  }

  private static Optional<byte[]> value(Connection connection) throws SQLException {
    try (PreparedStatement get = connection.prepareStatement(SqlRows.GET)) {
      get.setString(1, KEY.table());
      get.setString(2, KEY.name());
      try (ResultSet rows = get.executeQuery()) {
        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
      }
    }
  }

  private static long number(byte[] row) {
    return decoder(row).fixed64();
  }

  private static String holder(byte[] row) {
    Decoder decoder = decoder(row);
    long _ = decoder.fixed64();
    return decoder.string();
  }

  private static Decoder decoder(byte[] row) {
    Decoder decoder = new Decoder("The row `server`/`claim`", row);
    int version = decoder.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt(
              "The row `server`/`claim`", "version " + VERSION, "version " + version)
          .asException();
    }
    return decoder;
  }

  private RuntimeException taken(Optional<byte[]> row) {
    String who = row.map(PostgresClaim::holder).map(name -> " (" + name + ")").orElse("");
    return new Fault.Conflict(
            "Another server%s uses the database `%s`.".formatted(who, address),
            Optional.of("Stop it first, or give this one another database or `currentSchema`."))
        .asException();
  }
}
