package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.MetadataContract;
import dev.dassie.store.backend.PostgresServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PostgresMetadataTest extends MetadataContract {
  private static final PostgresServer SERVER = PostgresServer.shared();

  private final String database = SERVER.newDatabase();

  @Override
  protected Metadata open() {
    return PostgresMetadata.shared(address(database), PostgresLimits.defaults());
  }

  private static PostgresAddress address(String database) {
    return PostgresAddress.parse(
        "postgresql://dassie@127.0.0.1:" + SERVER.port() + "/" + database, Map.of());
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
  void namesAreOrderedByBytesWhateverTheLanguageOfTheDatabase() {
    SERVER.execute(
        "postgres",
        "CREATE DATABASE german TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER icu"
            + " ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'");
    try (Metadata german = PostgresMetadata.shared(address("german"), PostgresLimits.defaults())) {
      german.<Void>write(writer -> {
        for (String name : List.of("b", "B", "a", "ä", "Z", "_")) {
          writer.put(key(name), bytes(name));
        }
        return null;
      });

      List<String> names =
          german.read(
              reader -> reader.scan("test", "", "", 10).stream().map(Metadata.Row::name).toList());

      assertThat(names).containsExactly("B", "Z", "_", "a", "b", "ä");
    }
  }

  @Test
  void twoServersWriteOneAfterAnotherAndReadersMissNoEvent() throws Exception {
    int each = 150;
    put("counter", "0");
    try (Metadata other = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Long>> followed = threads.submit(() -> follow(2L * each));
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        writes.add(threads.submit(() -> increment(metadata)));
        writes.add(threads.submit(() -> increment(other)));
      }
      for (Future<?> write : writes) {
        write.get();
      }

      assertThat(value("counter")).isEqualTo(Integer.toString(2 * each));
      assertThat(followed.get()).isEqualTo(LongStream.rangeClosed(1, 2L * each).boxed().toList());
    }
  }

  /// Follows the feed as a consumer does: from where it stands, a page at a time.
  private List<Long> follow(long until) throws InterruptedException {
    List<Long> seen = new ArrayList<>();
    long cursor = 0;
    while (cursor < until) {
      assertThat(metadata.awaitAfter(cursor, Duration.ofSeconds(30))).isGreaterThan(cursor);
      for (Metadata.Event event : metadata.events(cursor, 10)) {
        seen.add(event.position());
        cursor = event.position();
      }
    }
    return seen;
  }

  private static void increment(Metadata metadata) {
    metadata.<Long>write(writer -> {
      int now =
          Integer.parseInt(
              new String(writer.get(key("counter")).orElseThrow(), StandardCharsets.UTF_8));
      writer.put(key("counter"), bytes(Integer.toString(now + 1)));
      return writer.append(bytes("step"));
    });
  }

  @Test
  void eventsOfAnotherServerEndAWait() throws Exception {
    try (Metadata other = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> waiting = threads.submit(() -> metadata.awaitAfter(0, Duration.ofSeconds(30)));

      other.<Long>write(writer -> writer.append(bytes("e")));

      assertThat(waiting.get()).isEqualTo(1);
      assertThat(metadata.events(0, 10)).hasSize(1);
    }
  }

  @Test
  void aDatabaseOfANewerFormatIsRefusedInOneSentence() {
    SERVER.execute(database, "UPDATE dassie_schema SET version = 99");

    assertThatThrownBy(this::open)
        .isInstanceOf(DassieException.class)
        .hasMessage(
            "The database `postgresql://dassie@127.0.0.1:%d/%s` has format 99, and this Dassie reads up to 1."
                .formatted(SERVER.port(), database));
  }

  @Test
  void aDatabaseThatIsNotInUtf8IsRefused() {
    SERVER.execute(
        "postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'");

    assertThatThrownBy(() -> PostgresMetadata.shared(address("latin"), PostgresLimits.defaults()))
        .hasMessageContaining("has the encoding LATIN1, expected the encoding UTF8");
  }

  @Test
  void aDatabaseThatIsNotThereIsNamedAtOnce() {
    assertThatThrownBy(() -> PostgresMetadata.shared(address("none"), PostgresLimits.defaults()))
        .hasMessage(
            "The database `postgresql://dassie@127.0.0.1:%d/none` does not answer: it has no database of that name."
                .formatted(SERVER.port()));
  }

  @Test
  void aServerThatIsNotThereIsNamedInOneSentence() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Duration little = Duration.ofMillis(100);
    PostgresLimits hasty =
        new PostgresLimits(Duration.ofSeconds(1), little, little, little, little);
    String nowhere = "postgresql://dassie:secret@127.0.0.1:" + port + "/none";

    assertThatThrownBy(
            () -> PostgresMetadata.shared(PostgresAddress.parse(nowhere, Map.of()), hasty))
        .hasMessage(
            "The database `postgresql://dassie@127.0.0.1:%d/none` does not answer: it cannot be reached (Connection refused)."
                .formatted(port));
  }

  @Test
  void aServerThatWantsTheDatabaseAloneIsRefusedWhileAnotherHasIt() {
    Metadata first = alone("process 1 on `here`");

    assertThatThrownBy(() -> alone("process 2"))
        .hasMessage(
            "Another server (process 1 on `here`) uses the database `postgresql://dassie@127.0.0.1:%d/%s`."
                .formatted(SERVER.port(), database));

    first.close();
    alone("process 2").close();
  }

  private Metadata alone(String holder) {
    return PostgresMetadata.alone(address(database), PostgresLimits.defaults(), holder, () -> {});
  }

  @Test
  void theClaimIsStoredInAFormatThatStays() {
    alone("a").close();
    alone("process 1").close();

    byte[] row = metadata.read(reader -> reader.get(PostgresClaim.KEY)).orElseThrow();

    assertThat(HexFormat.of().formatHex(row))
        .isEqualTo("010000000000000002" + "09" + "70726f636573732031");
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
}
