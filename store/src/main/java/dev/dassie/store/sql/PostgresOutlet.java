package dev.dassie.store.sql;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Outlet;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// Puts the rows of outputs into tables of PostgreSQL: `DELETE FROM` each table, then all rows, in
/// one transaction. The database converts the fields to the types of its columns. Thread-safe.
public final class PostgresOutlet implements Outlet {
  private static final PostgresLimits LIMITS =
      new PostgresLimits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(15));

  @Override
  public void check(Egress to) {
    PostgresAddress _ = PostgresAddress.parse(to.url(), Map.of());
  }

  @Override
  public void write(
      Egress to,
      Fileset output,
      ChunkStore chunks,
      Optional<SecretValues> secret,
      BooleanSupplier stopped) {
    Egress.Database database = (Egress.Database) to;
    PostgresAddress address = PostgresAddress.parse(to.url(), Map.of());
    Optional<String> password = secret.map(values -> password(database, values));
    if (password.isPresent()) {
      address = address.with(password.get());
    }
    Filesets files = new Filesets(chunks);
    try (Connection connection = new PostgresConnector(address, LIMITS).connect()) {
      connection.setAutoCommit(false);
      clear(connection, tables(files, output));
      RowWriter rows = new RowWriter(connection, database, stopped);
      Iterator<Entry.File> all = files.walk(output, FilePath.ROOT, Optional.empty());
      while (all.hasNext()) {
        Entry.File file = all.next();
        rows.write(table(file), file, files);
      }
      if (stopped.getAsBoolean()) {
        throw stopped();
      }
      connection.commit();
    } catch (SQLException e) {
      throw refused(address, e);
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable("The database `" + address + "`", String.valueOf(e.getMessage())),
          e);
    }
  }

  static DassieException stopped() {
    return new Fault.Unavailable("The egress", "it was stopped").asException();
  }

  private static String password(Egress.Database to, SecretValues secret) {
    String key = to.key().orElse("PACHYDERM_SQL_PASSWORD");
    return secret
        .get(key)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).stripTrailing())
        .orElseThrow(() ->
            new Fault.Failed(
                    "The secret `%s` has no key `%s`.".formatted(to.secret().orElse(""), key),
                    Optional.empty())
                .asException());
  }

  private static String table(Entry.File file) {
    return file.path().parts().getFirst();
  }

  /// The tables that the output has, found without reading all of it: by the top of its tree.
  private static Set<String> tables(Filesets files, Fileset output) {
    Set<String> tables = new TreeSet<>();
    Iterator<Entry> top = files.list(output, FilePath.ROOT, "");
    while (top.hasNext()) {
      tables.add(top.next().path().name());
    }
    return tables;
  }

  private static void clear(Connection connection, Set<String> tables) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : tables) {
        int _ = statement.executeUpdate("DELETE FROM " + quoted(table));
      }
    }
  }

  /// A name as SQL writes it: `schema.table` is two.
  static String quoted(String name) {
    int dot = name.indexOf('.');
    return dot > 0 && dot < name.length() - 1
        ? identifier(name.substring(0, dot)) + "." + identifier(name.substring(dot + 1))
        : identifier(name);
  }

  static String identifier(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new Fault.Failed("The name of a table or column holds a NUL.", Optional.empty())
          .asException();
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// What another try would not change is refused for good: rows that do not fit, tables that are
  /// not there (classes 22, 23 and 42 of the manual, appendix A).
  private static DassieException refused(PostgresAddress address, SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (state.startsWith("22") || state.startsWith("23") || state.startsWith("42")) {
      return new DassieException(
          new Fault.Failed(
              "The database `%s` refuses the rows: %s.".formatted(address, text), Optional.empty()),
          e);
    }
    DassieException passing = SqlFaults.translate(e);
    return passing.fault() instanceof Fault.Unavailable(String _, String reason)
        ? new DassieException(new Fault.Unavailable("The database `" + address + "`", reason), e)
        : passing;
  }
}
