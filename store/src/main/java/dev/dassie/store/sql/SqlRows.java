package dev.dassie.store.sql;

import dev.dassie.metadata.Metadata;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The statements, prepared once on one connection. Not thread-safe: one user of a connection at a
/// time.
final class SqlRows implements Metadata.Writer, AutoCloseable {
  /// The value of a table and a name.
  static final String GET = "SELECT value FROM row WHERE tbl = ? AND name = ?";

  private final Connection connection;
  private final PreparedStatement get;
  private final PreparedStatement scan;
  private final PreparedStatement scanBackwards;
  private final PreparedStatement put;
  private final PreparedStatement delete;
  private final PreparedStatement append;
  private final PreparedStatement newest;
  private final PreparedStatement events;
  private final boolean keeps;
  private final Map<String, PreparedStatement> kept = new HashMap<>();
  private final Set<String> touched = new HashSet<>();
  private OptionalLong known = OptionalLong.empty();
  private boolean failed;

  SqlRows(Connection connection) throws SQLException {
    this(connection, false);
  }

  /// @param keeps whether what [#execute] runs is prepared once, too; it MUST be a handful then
  SqlRows(Connection connection, boolean keeps) throws SQLException {
    this.connection = connection;
    this.keeps = keeps;
    get = connection.prepareStatement(GET);
    scan = connection.prepareStatement(range("name > ?", "name ASC"));
    scanBackwards = connection.prepareStatement(range("name < ?", "name DESC"));
    put =
        connection.prepareStatement(
            "INSERT INTO row (tbl, name, value) VALUES (?, ?, ?)"
                + " ON CONFLICT (tbl, name) DO UPDATE SET value = excluded.value");
    delete = connection.prepareStatement("DELETE FROM row WHERE tbl = ? AND name = ?");
    append = connection.prepareStatement("INSERT INTO feed (position, value) VALUES (?, ?)");
    newest = connection.prepareStatement("SELECT COALESCE(MAX(position), 0) FROM feed");
    events =
        connection.prepareStatement(
            "SELECT position, value FROM feed WHERE position > ? ORDER BY position LIMIT ?");
  }

  private static String range(String bound, String order) {
    return "SELECT name, value FROM row WHERE tbl = ? AND name >= ? AND name < ? AND "
        + bound
        + " ORDER BY "
        + order
        + " LIMIT ?";
  }

  /// Whether a statement failed: SQLite's driver closes some of those that did for good, so that
  /// another connection MUST be taken.
  boolean failed() {
    return failed;
  }

  private RuntimeException failure(SQLException e) {
    failed = true;
    return SqlFaults.translate(e);
  }

  Statement statement() throws SQLException {
    return connection.createStatement();
  }

  void execute(String sql) throws SQLException {
    try {
      if (keeps) {
        prepared(sql).execute();
      } else {
        try (Statement statement = statement()) {
          statement.execute(sql);
        }
      }
    } catch (SQLException e) {
      failed = true;
      throw e;
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement prepared = kept.get(sql);
    if (prepared == null) {
      prepared = connection.prepareStatement(sql);
      kept.put(sql, prepared);
    }
    return prepared;
  }

  @Override
  public Optional<byte[]> get(Metadata.Key key) {
    try {
      get.setString(1, key.table());
      get.setString(2, key.name());
      try (ResultSet rows = get.executeQuery()) {
        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public List<Metadata.Row> scan(String table, String prefix, String after, int limit) {
    // The database seeks to one lower bound and tests the other row by row: both are the later one.
    return rows(scan, table, later(prefix, after), prefix + PAST_ALL, after, limit);
  }

  @Override
  public List<Metadata.Row> scanBackwards(String table, String prefix, String before, int limit) {
    String bound = before.isEmpty() ? PAST_ALL : before;
    String end = prefix + PAST_ALL;
    String upper = later(end, bound).equals(end) ? bound : end;
    return rows(scanBackwards, table, prefix, upper, bound, limit);
  }

  /// Comes after every name: U+10FFFF is the last code point, in UTF-8 as in number.
  private static final String PAST_ALL = "\udbff\udfff";

  /// One seek for each table.
  @Override
  public List<String> tables() {
    List<String> found = new ArrayList<>();
    try (PreparedStatement next =
        connection.prepareStatement("SELECT MIN(tbl) FROM row WHERE tbl > ?")) {
      for (Optional<String> table = after(next, ""); table.isPresent(); ) {
        found.add(table.get());
        table = after(next, table.get());
      }
      return found;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static Optional<String> after(PreparedStatement next, String table) throws SQLException {
    next.setString(1, table);
    try (ResultSet rows = next.executeQuery()) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  private static String later(String one, String other) {
    int order =
        Arrays.compareUnsigned(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    return order >= 0 ? one : other;
  }

  private List<Metadata.Row> rows(
      PreparedStatement query, String table, String from, String to, String bound, int limit) {
    try {
      query.setString(1, table);
      query.setString(2, from);
      query.setString(3, to);
      query.setString(4, bound);
      query.setInt(5, limit);
      List<Metadata.Row> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(new Metadata.Row(rows.getString(1), rows.getBytes(2)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// The tables that were written since the last call. Those of what was undone are among them.
  Set<String> touched() {
    Set<String> tables = Set.copyOf(touched);
    touched.clear();
    return tables;
  }

  @Override
  public void put(Metadata.Key key, byte[] value) {
    touched.add(key.table());
    try {
      put.setString(1, key.table());
      put.setString(2, key.name());
      put.setBytes(3, value);
      put.executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public void delete(Metadata.Key key) {
    touched.add(key.table());
    try {
      delete.setString(1, key.table());
      delete.setString(2, key.name());
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public long append(byte[] event) {
    try {
      long position = position() + 1;
      append.setLong(1, position);
      append.setBytes(2, event);
      append.executeUpdate();
      known = OptionalLong.of(position);
      return position;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// The newest position of the feed; asked for once in a transaction.
  long position() {
    if (known.isPresent()) {
      return known.getAsLong();
    }
    try (ResultSet rows = newest.executeQuery()) {
      rows.next();
      known = OptionalLong.of(rows.getLong(1));
      return known.getAsLong();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// To be called where a transaction begins or is rolled back.
  void forgetPosition() {
    known = OptionalLong.empty();
  }

  List<Metadata.Event> events(long after, int limit) {
    try {
      events.setLong(1, after);
      events.setInt(2, limit);
      List<Metadata.Event> found = new ArrayList<>();
      try (ResultSet rows = events.executeQuery()) {
        while (rows.next()) {
          found.add(new Metadata.Event(rows.getLong(1), rows.getBytes(2)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Closes the connection whatever state it is in.
  void abandon() {
    try {
      connection.close();
    } catch (SQLException e) {
      System.getLogger("dassie.metadata")
          .log(System.Logger.Level.DEBUG, "closing a connection: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqlFaults.translate(e);
    }
  }
}
