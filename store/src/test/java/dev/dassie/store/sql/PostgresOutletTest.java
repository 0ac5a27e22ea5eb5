package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.Egress.Format;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.store.OutputFiles;
import dev.dassie.store.backend.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresOutletTest {
  private static final Optional<SecretValues> PASSWORD =
      Optional.of(
          new SecretValues(
              Map.of("PACHYDERM_SQL_PASSWORD", "open-sesame".getBytes(StandardCharsets.UTF_8))));

  @TempDir Path folder;
  private final PostgresServer server = PostgresServer.shared();
  private final PostgresOutlet outlet = new PostgresOutlet();
  private String database;

  @BeforeEach
  void tables() {
    database = server.newDatabase();
    server.execute(
        database,
        "CREATE TABLE \"Person\" (id int PRIMARY KEY, name text, born date, score numeric(6,2),"
            + " ok bool); CREATE TABLE visits (id bigint, note text);"
            + " CREATE SCHEMA far; CREATE TABLE far.away (x int);"
            + " INSERT INTO visits VALUES (99, 'old')");
  }

  private Egress.Database place(Format format, String... columns) {
    String url = "postgresql://dassie@127.0.0.1:%d/%s".formatted(server.port(), database);
    return new Egress.Database(url, format, List.of(columns), Optional.of("db"), Optional.empty());
  }

  private void write(Egress.Database to, String... files) throws Exception {
    try (OutputFiles outputs = new OutputFiles(folder)) {
      outlet.write(to, outputs.of(files), outputs.chunks, PASSWORD, () -> false);
    }
  }

  private List<String> rows(String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT t::text FROM %s t ORDER BY 1".formatted(table))) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  @Test
  void rowsOfCsvWithoutAHeaderStandInTheOrderOfTheTable() throws Exception {
    for (int round = 0; round < 2; round++) {
      write(
          place(Format.CSV),
          "Person/a.csv",
          "1,Ann,2001-02-03,1.5,true\n2,\"B, \"\"b\"\"\nx\",,,f\n",
          "Person/deep/b.csv",
          "3,,1999-12-31,7,1\r\n",
          "far.away",
          "5\n6\n");
    }

    assertThat(rows("\"Person\""))
        .containsExactly(
            "(1,Ann,2001-02-03,1.50,t)", "(2,\"B, \"\"b\"\"\nx\",,,f)", "(3,,1999-12-31,7.00,t)");
    assertThat(rows("far.away")).containsExactly("(5)", "(6)");
    assertThat(rows("visits")).containsExactly("(99,old)");
  }

  @Test
  void aHeaderMayOrderTheColumnsAsItLikes() throws Exception {
    write(
        place(Format.CSV, "id", "note"),
        "visits/1",
        "note,\"id\"\nhello,1\n",
        "visits/2",
        "id,note\r\n2,there\r\n",
        "visits/empty",
        "");

    assertThat(rows("visits")).containsExactly("(1,hello)", "(2,there)");
    assertThatThrownBy(() -> write(place(Format.CSV, "id", "note"), "visits/1", "id,nota\n1,x\n"))
        .hasMessage("The header of `/visits/1` is `id,nota`, expected the columns `id,note`.");
    assertThat(rows("visits")).containsExactly("(1,hello)", "(2,there)");
  }

  @Test
  void objectsInJsonFillTheColumnsAsTheirTypesAre() throws Exception {
    write(
        place(Format.JSON, "id", "name", "born", "ok"),
        "Person/x.json",
        "{\"id\": 1, \"name\": \"Zoë \\\"\", \"born\": \"2001-02-03\", \"ok\": true}\n\n"
            + "{\"id\": \"2\", \"other\": [1]}");

    assertThat(rows("\"Person\"")).containsExactly("(1,\"Zoë \"\"\",2001-02-03,,t)", "(2,,,,)");
  }

  @Test
  void whatTheDatabaseRefusesChangesNothingAndIsSaidForGood() throws Exception {
    assertThatThrownBy(() -> write(place(Format.CSV), "visits/1", "1,ok\nnot-a-number,x\n"))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Failed.class))
        .hasMessageContaining("invalid input syntax for type bigint: \"not-a-number\"");
    assertThatThrownBy(() -> write(place(Format.CSV), "visitors/1", "1\n"))
        .hasMessageContaining("relation \"visitors\" does not exist");
    assertThatThrownBy(() -> write(place(Format.CSV), "x\"; DROP TABLE visits; --/1", "1\n"))
        .hasMessageContaining("does not exist");
    assertThat(rows("visits")).containsExactly("(99,old)");
  }

  @Test
  void aDatabaseThatIsAwayMayComeBackAndAStoppedWriterLeavesNothing() throws Exception {
    Egress.Database away =
        new Egress.Database(
            "postgresql://dassie@127.0.0.1:1/x",
            Format.CSV,
            List.of(),
            Optional.empty(),
            Optional.empty());

    assertThatThrownBy(() -> write(away, "visits/1", "1,x\n"))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Unavailable.class))
        .hasMessageNotContaining("open-sesame");
    try (OutputFiles outputs = new OutputFiles(folder)) {
      assertThatThrownBy(() ->
              outlet.write(
                  place(Format.CSV),
                  outputs.of("visits/1", "1,x\n"),
                  outputs.chunks,
                  PASSWORD,
                  () -> true))
          .isInstanceOf(DassieException.class);
    }
    assertThat(rows("visits")).containsExactly("(99,old)");
  }
}
