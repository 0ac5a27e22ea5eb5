package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.MetadataContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
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

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("dassie.db"));
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
