package dev.dassie.store.sql;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Turns the drivers' exceptions into faults. The codes of PostgreSQL are those of its manual,
/// appendix A.
final class SqlFaults {
  /// What both databases say of a full disk; whoever knows where the database is says so.
  static final Fault FULL = new Fault.Full("the database");

  /// Codes of a server that goes down, is not up yet or ended our session, beside class 08.
  private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

  private SqlFaults() {}

  static DassieException translate(SQLException cause) {
    Fault fault =
        cause instanceof SQLiteException sqlite
            ? ofSqlite(sqlite)
            : ofState(Optional.ofNullable(cause.getSQLState()).orElse(""), cause);
    return new DassieException(fault, cause);
  }

  /// As [#translate], for a database that cannot be opened: says which.
  static DassieException atStart(PostgresAddress address, SQLException cause) {
    return translate(cause).fault() instanceof Fault.Unavailable(String _, String reason)
        ? new DassieException(
            new Fault.Unavailable("The database `" + address + "`", reason), cause)
        : translate(cause);
  }

  /// Whether the connection is gone, so that what was begun on it is undone or its end unknown.
  static boolean isLostConnection(SQLException cause) {
    String state = Optional.ofNullable(cause.getSQLState()).orElse("");
    return state.startsWith("08") || LOST.contains(state);
  }

  private static Fault ofSqlite(SQLiteException cause) {
    SQLiteErrorCode code = cause.getResultCode();
    return switch (code) {
      case SQLITE_FULL, SQLITE_IOERR_SHMSIZE -> FULL;
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new Fault.Corrupt("The database", "a sound SQLite file", String.valueOf(code));
      default -> unavailable(String.valueOf(cause.getMessage()));
    };
  }

  private static Fault ofState(String state, SQLException cause) {
    return switch (state) {
      case "53100" -> FULL;
      case "XX001", "XX002" ->
          new Fault.Corrupt("The database", "sound pages", String.valueOf(cause.getMessage()));
      case "55P03" -> unavailable("another server has been writing for too long");
      case "57014" -> unavailable("a statement took too long");
      case "28000", "28P01" -> unavailable("it refuses this user or password");
      case "3D000" -> unavailable("it has no database of that name");
      case "53300" -> unavailable("it has no connection left");
      case "08001" -> unavailable("it cannot be reached (" + root(cause) + ")");
      default ->
          isLostConnection(cause)
              ? unavailable("the connection broke, and nothing was changed (" + text(cause) + ")")
              : unavailable(text(cause));
    };
  }

  /// What the operating system said, which the driver wraps in advice.
  private static String root(SQLException cause) {
    return switch (cause.getCause()) {
      case UnknownHostException host -> "the host `" + host.getMessage() + "` is not known";
      case IOException io -> String.valueOf(io.getMessage());
      case null, default -> text(cause);
    };
  }

  /// The first line; the rest is for the server's administrator, and is in the cause.
  private static String text(SQLException cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason was given");
  }

  private static Fault unavailable(String reason) {
    return new Fault.Unavailable("The database", reason);
  }
}
