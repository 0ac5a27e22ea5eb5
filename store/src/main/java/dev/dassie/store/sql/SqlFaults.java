package dev.dassie.store.sql;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Turns the driver's exceptions into faults.
final class SqlFaults {
  private SqlFaults() {}

  static DassieException translate(SQLException cause) {
    if (cause instanceof SQLiteException sqlite) {
      SQLiteErrorCode code = sqlite.getResultCode();
      if (code == SQLiteErrorCode.SQLITE_FULL) {
        return new DassieException(new Fault.Full("the database"), cause);
      }
      if (code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB) {
        return new DassieException(
            new Fault.Corrupt("The database", "a sound SQLite file", String.valueOf(code)), cause);
      }
    }
    return new DassieException(
        new Fault.Unavailable("The database", String.valueOf(cause.getMessage())), cause);
  }
}
