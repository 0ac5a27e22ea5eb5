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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
        PostgresMetadata.shared(
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
            PostgresMetadata.shared(
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

  @Test
  void aServerWhoseDatabaseWasTakenByAnotherWritesNoMoreAndIsTold() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    try (Metadata first = alone(wire.port(), "the first", lost::countDown)) {
      wire.refuse(true);
      wire.cut();
      try (Metadata second = alone(SERVER.port(), "the second", () -> {})) {
        wire.refuse(false);

        // Whatever the first knows by now, it is the transaction itself that looks.
        assertThatThrownBy(() -> first.write(writer -> writer.append(new byte[1])))
            .hasMessageStartingWith("Another server (the second) uses the database");
        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.<Long>write(writer -> writer.append(new byte[1]))).isEqualTo(2);
      }

      // Nobody has it now; the first does not take it again behind the back of a third.
      assertThatThrownBy(() -> first.write(writer -> writer.append(new byte[1])))
          .hasMessageStartingWith("Another server (the second) uses the database");
      alone(SERVER.port(), "the third", () -> {}).close();
    }
  }

  @Test
  void aServerThatWritesNothingNoticesThatItsDatabaseWasTaken() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    try (Metadata _ = alone(wire.port(), "the first", lost::countDown)) {
      wire.refuse(true);
      wire.cut();
      try (Metadata _ = alone(SERVER.port(), "the second", () -> {})) {
        wire.refuse(false);

        assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aServerWhoseSessionBrokeHoldsOnToItsDatabase() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    try (Metadata first = alone(wire.port(), "the first", lost::countDown)) {
      wire.cut();
      long position = first.<Long>write(writer -> writer.append(new byte[1]));
      assertThat(position).isEqualTo(2);
      // The lock of the new session is what refuses the second; its patience is longer than it
      // takes the first to connect again.
      SERVER.await(
          database,
          "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1147237236");

      assertThatThrownBy(() -> alone(SERVER.port(), "the second", () -> {}))
          .hasMessageStartingWith("Another server (the first) uses the database");
      assertThat(first.<Long>write(writer -> writer.append(new byte[1]))).isEqualTo(3);
      assertThat(lost.getCount()).isEqualTo(1);
    }
  }

  private Metadata alone(int port, String holder, Runnable whenLost) {
    return PostgresMetadata.alone(
        PostgresAddress.parse("postgresql://dassie@127.0.0.1:" + port + "/" + database, Map.of()),
        PostgresLimits.defaults(),
        holder,
        whenLost);
  }

  /// As at a failover: the database dies and is there again a little later, with all that it said
  /// to have.
  @Test
  void aDatabaseThatCrashesUnderItsWritersKeepsWhatWasAcknowledgedAndNothingElse()
      throws Exception {
    Map<String, Boolean> known = new ConcurrentHashMap<>();
    CountDownLatch busy = new CountDownLatch(100);
    AtomicBoolean enough = new AtomicBoolean();
    try (PostgresServer own = PostgresServer.start();
        Metadata crashing =
            PostgresMetadata.alone(
                PostgresAddress.parse(
                    "postgresql://dassie@127.0.0.1:" + own.port() + "/" + own.newDatabase(),
                    Map.of()),
                PostgresLimits.defaults(),
                "the server",
                () -> known.put("the claim was lost", true));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int writer = i;
        writers.add(
            threads.submit(() -> {
              for (int n = 0; !enough.get(); n++) {
                write(crashing, writer + "/" + n, known);
                busy.countDown();
              }
            }));
      }
      busy.await();

      own.crashAndRestart();
      write(crashing, "afterwards", new ConcurrentHashMap<>());
      enough.set(true);
      for (Future<?> writer : writers) {
        writer.get();
      }

      List<String> there = names(crashing);
      assertThat(known).doesNotContainKey("the claim was lost").hasSizeGreaterThan(100);
      known.forEach(
          (name, acknowledged) -> assertThat(there.contains(name)).isEqualTo(acknowledged));
      assertThat(crashing.position()).isEqualTo(there.size());
    }
  }

  /// Notes what became of the write, where that is known.
  private static void write(Metadata metadata, String name, Map<String, Boolean> known) {
    try {
      metadata.<Long>write(writer -> {
        writer.put(new Metadata.Key("test", name), new byte[1]);
        return writer.append(new byte[1]);
      });
      known.put(name, true);
    } catch (DassieException e) {
      assertThat(e.fault()).isInstanceOf(Fault.Unavailable.class);
      if (!e.fault().message().contains("cannot be found out")) {
        known.put(name, false);
      }
    }
  }

  private static List<String> names(Metadata metadata) {
    List<String> names = new ArrayList<>();
    String after = "";
    while (true) {
      String from = after;
      List<Metadata.Row> page = metadata.read(reader -> reader.scan("test", "", from, 1000));
      page.forEach(row -> names.add(row.name()));
      if (page.size() < 1000) {
        return names;
      }
      after = page.getLast().name();
    }
  }
}
