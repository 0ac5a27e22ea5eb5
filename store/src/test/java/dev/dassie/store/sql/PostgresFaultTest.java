package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.store.backend.FaultyWire;
import dev.dassie.store.backend.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real PostgreSQL behind a wire that breaks.
class PostgresFaultTest {
  private static final PostgresServer SERVER = PostgresServer.shared();
  private static final Metadata.Key KEY = new Metadata.Key("test", "a");

  private final String database = SERVER.newDatabase();
  private FaultyWire wire;
  private Metadata metadata;

  @BeforeEach
  void open() throws Exception {
    wire = new FaultyWire(SERVER.port());
    Duration little = Duration.ofSeconds(2);
    metadata =
        new PostgresMetadata(
            PostgresAddress.parse(
                "postgresql://dassie@127.0.0.1:" + wire.port() + "/" + database, Map.of()),
            new PostgresLimits(
                little, little.plusSeconds(1), little, Duration.ofSeconds(20), little));
    put("0");
  }

  @AfterEach
  void close() throws Exception {
    metadata.close();
    wire.close();
  }

  private void put(String value) {
    metadata.<Long>write(writer -> {
      writer.put(KEY, value.getBytes(StandardCharsets.UTF_8));
      return writer.append(value.getBytes(StandardCharsets.UTF_8));
    });
  }

  private String value() {
    return new String(
        metadata.read(reader -> reader.get(KEY)).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void connectionsThatBreakWhileIdleAreReplacedAndNobodyNotices() {
    assertThat(value()).isEqualTo("0");
    wire.cut();

    put("1");
    assertThat(value()).isEqualTo("1");
    wire.cut();

    assertThat(value()).isEqualTo("1");
    assertThat(metadata.position()).isEqualTo(2);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsKnownToHaveBeenMade() {
    wire.cutAt("NOTIFY", FaultyWire.Cut.AFTER);

    put("1");

    assertThat(value()).isEqualTo("1");
    assertThat(metadata.position()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE", "SILENT"})
  void aCommitThatTheServerNeverGotIsRefusedAndHasChangedNothing(FaultyWire.Cut cut) {
    wire.cutAt("NOTIFY", cut);

    assertThatThrownBy(() -> put("1"))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Unavailable.class))
        .hasMessageContaining("nothing was changed");

    assertThat(value()).isEqualTo("0");
    put("2");
    assertThat(value()).isEqualTo("2");
    assertThat(metadata.position()).isEqualTo(2);
  }

  @Test
  void aChangeThatIsCutInTheMiddleLeavesNothingAndTheNextOneWorks() {
    wire.cutAt("INSERT INTO row", FaultyWire.Cut.SILENT);

    assertThatThrownBy(() -> put("1")).hasMessageContaining("nothing was changed");

    put("2");
    assertThat(value()).isEqualTo("2");
    assertThat(metadata.position()).isEqualTo(2);
  }

  @Test
  void aDatabaseThatStaysAwayIsSaidSoAndFoundAgain() {
    wire.refuse(true);
    wire.cut();

    assertThatThrownBy(() -> put("1"))
        .isInstanceOf(DassieException.class)
        .hasMessageStartingWith("The database does not answer: ");
    assertThatThrownBy(this::value).hasMessageStartingWith("The database does not answer: ");

    wire.refuse(false);
    put("2");
    assertThat(value()).isEqualTo("2");
  }

  @Test
  void aWriterThatHoldsTheLockTooLongIsNamed() throws SQLException {
    try (Connection other = SERVER.connect(database);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(PostgresWriter.LOCK);

      assertThatThrownBy(() -> put("1"))
          .hasMessage(
              "The database does not answer: another server has been writing for too long.");
    }

    put("2");
    assertThat(value()).isEqualTo("2");
  }

  @Test
  void aStatementThatTakesTooLongIsEnded() {
    SERVER.execute(
        database,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END'");
    SERVER.execute(database, "CREATE TRIGGER slow BEFORE UPDATE ON row EXECUTE FUNCTION slow()");

    assertThatThrownBy(() -> put("1"))
        .hasMessage("The database does not answer: a statement took too long.");

    assertThat(value()).isEqualTo("0");
    assertThat(metadata.position()).isEqualTo(1);
  }

  @Test
  void aFollowerWhoseConnectionBrokeHearsOfEventsAgain() throws Exception {
    try (Metadata other =
            new PostgresMetadata(
                PostgresAddress.parse(
                    "postgresql://dassie@127.0.0.1:" + SERVER.port() + "/" + database, Map.of()),
                PostgresLimits.defaults());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      wire.cut();
      Future<Long> waiting = threads.submit(() -> metadata.awaitAfter(1, Duration.ofSeconds(30)));

      other.<Long>write(writer -> writer.append(new byte[1]));

      assertThat(waiting.get()).isEqualTo(2);
    }
  }
}
