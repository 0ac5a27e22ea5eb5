package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.MetadataContract;
import dev.dassie.metadata.Unchanged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetadataTest extends MetadataContract {
  @TempDir Path folder;

  @Override
  protected Metadata open() {
    return new SqliteMetadata(folder.resolve("dassie.db"));
  }

  @Test
  void whatWasWrittenIsThereAfterReopening() {
    put("a", "1");
    metadata.<Long>write(writer -> writer.append(bytes("e")));
    metadata.close();

    metadata = open();

    assertThat(value("a")).isEqualTo("1");
    assertThat(metadata.position()).isEqualTo(1);
  }

  @Test
  void aDatabaseOfANewerFormatIsRefusedInOneSentence() throws SQLException {
    metadata.close();
    sql("PRAGMA user_version = 99");

    assertThatThrownBy(this::open)
        .isInstanceOf(DassieException.class)
        .hasMessage(
            "The database `%s` has format 99, and this Dassie reads up to 1."
                .formatted(folder.resolve("dassie.db")));

    sql("PRAGMA user_version = 1");
    metadata = open();
  }

  @Test
  void aFileThatIsNoDatabaseIsSaidToBeDamaged() throws Exception {
    Path file = folder.resolve("other.db");
    java.nio.file.Files.writeString(
        file, "this is not a database, though long enough to be read".repeat(40));

    assertThatThrownBy(() -> new SqliteMetadata(file))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("is damaged: expected a sound SQLite file");
  }

  @Test
  void aFailedChangeDoesNotTakeItsGroupWithIt() {
    put("a", "1");

    assertThatThrownBy(() ->
        metadata.<Void>write(writer -> {
          writer.put(key("a"), bytes("2"));
          throw new IllegalStateException("on purpose");
        }));
    put("b", "1");

    assertThat(value("a") + value("b")).isEqualTo("11");
  }

  @Test
  void answersAreKeptUntilATableIsWrittenThatTheyWereReadFrom() {
    AtomicInteger asked = new AtomicInteger();
    Unchanged<String, Integer> answers = new Unchanged<>(metadata, 10);
    Function<Metadata.Reader, Integer> question =
        rows -> {
          asked.incrementAndGet();
          return rows.scan("t_scanned", "", "", 10).size()
              + rows.get(key("a")).orElseThrow().length;
        };
    put("a", "1");
    assertThat(answers.get("k", question) + answers.get("k", question)).isEqualTo(2);
    putInto("other");
    assertThat(answers.get("k", question)).isEqualTo(1);
    assertThat(asked).hasValue(1);

    putInto("t_scanned");
    assertThat(answers.get("k", question)).isEqualTo(2);
    put("a", "22");
    assertThat(answers.get("k", question)).isEqualTo(3);
    assertThat(asked).hasValue(3);
  }

  private void putInto(String table) {
    boolean _ =
        metadata.write(writer -> {
          writer.put(new Metadata.Key(table, "n"), bytes("x"));
          return true;
        });
  }

  /// While a transaction is becoming visible one reader may see it and the next not.
  @Test
  void whoWroteNeverGetsAnAnswerFromBefore() throws Exception {
    Unchanged<String, String> answers = new Unchanged<>(metadata, 10);
    put("a", "0");
    AtomicBoolean ended = new AtomicBoolean();
    try (ExecutorService others = Executors.newFixedThreadPool(2)) {
      Future<Boolean> reading =
          others.submit(() -> {
            int last = 0;
            while (!ended.get()) {
              int now = Integer.parseInt(answers.get("a", SqliteMetadataTest::value));
              assertThat(now).isGreaterThanOrEqualTo(last);
              last = now;
            }
            return true;
          });
      for (int i = 1; i <= 200; i++) {
        put("a", Integer.toString(i));
        assertThat(answers.get("a", SqliteMetadataTest::value)).isEqualTo(Integer.toString(i));
      }
      ended.set(true);
      assertThat(reading.get()).isTrue();
    }
  }

  private static String value(Metadata.Reader rows) {
    return new String(rows.get(key("a")).orElseThrow(), StandardCharsets.UTF_8);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("dassie.db"));
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
