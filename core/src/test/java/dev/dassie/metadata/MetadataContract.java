package dev.dassie.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Metadata] does. A store's test extends this.
public abstract class MetadataContract {
  protected Metadata metadata;

  /// A fresh, empty store.
  protected abstract Metadata open();

  @BeforeEach
  void openFresh() {
    metadata = open();
  }

  @AfterEach
  void closeIt() {
    metadata.close();
  }

  @Test
  void aWriteReadsItsOwnChangesAndOthersSeeThemAfterwards() {
    String inside =
        metadata.write(writer -> {
          writer.put(key("a"), bytes("1"));
          return text(writer.get(key("a")).orElseThrow());
        });

    assertThat(inside).isEqualTo("1");
    assertThat(value("a")).isEqualTo("1");
  }

  @Test
  void aWriteThatThrowsLeavesNothing() {
    put("a", "old");

    assertThatThrownBy(() ->
            metadata.<Void>write(writer -> {
              writer.put(key("a"), bytes("new"));
              writer.put(key("b"), bytes("new"));
              writer.append(bytes("event"));
              throw new IllegalStateException("on purpose");
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("on purpose");

    assertThat(value("a")).isEqualTo("old");
    assertThat(metadata.<Boolean>read(reader -> reader.get(key("b")).isPresent())).isFalse();
    assertThat(metadata.position()).isZero();
  }

  @Test
  void tablesAreThoseWithRowsInOrder() {
    assertThat(metadata.<List<String>>read(Metadata.Reader::tables)).isEmpty();

    metadata.<Void>write(writer -> {
      for (String table : List.of("b", "a_b", "a", "c")) {
        writer.put(new Metadata.Key(table, "x"), bytes("1"));
        writer.put(new Metadata.Key(table, "y"), bytes("1"));
      }
      writer.delete(new Metadata.Key("c", "x"));
      writer.delete(new Metadata.Key("c", "y"));
      assertThat(writer.tables()).containsExactly("a", "a_b", "b");
      return null;
    });

    assertThat(metadata.<List<String>>read(Metadata.Reader::tables))
        .containsExactly("a", "a_b", "b");
  }

  @Test
  void deletedRowsAreGone() {
    put("a", "1");

    metadata.<Void>write(writer -> {
      writer.delete(key("a"));
      writer.delete(key("never there"));
      return null;
    });

    assertThat(metadata.<Boolean>read(reader -> reader.get(key("a")).isPresent())).isFalse();
  }

  @Test
  void scansAreInOrderOfUtf8BytesAndKeepToPrefixTableAndLimit() {
    for (String name : List.of("p/b", "p/a", "p/Z", "p/é", "p/\uffee", "p/😀", "q/a", "o", "p0")) {
      put(name, name);
    }
    metadata.<Void>write(writer -> {
      writer.put(new Metadata.Key("other", "p/a"), bytes("x"));
      return null;
    });

    assertThat(names("p/", "", 100))
        .containsExactly("p/Z", "p/a", "p/b", "p/é", "p/\uffee", "p/😀");
    assertThat(names("p/", "p/a", 2)).containsExactly("p/b", "p/é");
    assertThat(names("p/", "p/😀", 2)).isEmpty();
    assertThat(backwards("p/", "", 2)).containsExactly("p/😀", "p/\uffee");
    assertThat(backwards("p/", "p/b", 5)).containsExactly("p/a", "p/Z");
    assertThat(names("", "", 3)).containsExactly("o", "p/Z", "p/a");
  }

  @Test
  void prefixesWithWildcardsOfSqlAreLiteral() {
    put("a%b", "1");
    put("a_b", "2");
    put("axb", "3");

    assertThat(names("a%", "", 10)).containsExactly("a%b");
    assertThat(names("a_", "", 10)).containsExactly("a_b");
  }

  @Test
  void eventsHavePositionsInTheOrderOfWrites() {
    for (int i = 1; i <= 5; i++) {
      String event = "e" + i;
      metadata.<Long>write(writer -> writer.append(bytes(event)));
    }

    assertThat(metadata.position()).isEqualTo(5);
    assertThat(metadata.events(2, 2)).extracting(Metadata.Event::position).containsExactly(3L, 4L);
    assertThat(text(metadata.events(4, 10).getFirst().value())).isEqualTo("e5");
  }

  @Test
  void waitingEndsWithTheNextEventOrTheTimeout() throws Exception {
    assertThat(metadata.awaitAfter(0, Duration.ofMillis(10))).isZero();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> waiting = threads.submit(() -> metadata.awaitAfter(0, Duration.ofSeconds(30)));

      metadata.<Long>write(writer -> writer.append(bytes("e")));

      assertThat(waiting.get()).isEqualTo(1);
    }
  }

  @Test
  void writesOfManyThreadsRunOneAfterAnother() throws Exception {
    put("counter", "0");
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        boolean fails = i % 10 == 0;
        done.add(threads.submit(() -> increment(fails)));
      }
    }

    long failed = done.stream().filter(f -> f.state() == Future.State.FAILED).count();
    assertThat(failed).isEqualTo(20);
    assertThat(value("counter")).isEqualTo("180");
    assertThat(metadata.position()).isEqualTo(180);
  }

  @Test
  void aSnapshotDoesNotChangeWhileItIsRead() {
    put("a", "1");

    String seen =
        metadata.read(
            reader -> text(reader.get(key("a")).orElseThrow()) + names(reader, "", "", 10).size());

    assertThat(seen).isEqualTo("11");
  }

  private void increment(boolean fail) {
    metadata.<Void>write(writer -> {
      int now = Integer.parseInt(text(writer.get(key("counter")).orElseThrow()));
      writer.put(key("counter"), bytes(Integer.toString(now + 1)));
      writer.append(bytes("step"));
      if (fail) {
        throw new IllegalStateException("on purpose");
      }
      return null;
    });
  }

  protected final void put(String name, String value) {
    metadata.<Void>write(writer -> {
      writer.put(key(name), bytes(value));
      return null;
    });
  }

  protected final String value(String name) {
    return metadata.read(reader -> text(reader.get(key(name)).orElseThrow()));
  }

  private List<String> names(String prefix, String after, int limit) {
    return metadata.read(reader -> names(reader, prefix, after, limit));
  }

  private static List<String> names(
      Metadata.Reader reader, String prefix, String after, int limit) {
    return reader.scan("test", prefix, after, limit).stream().map(Metadata.Row::name).toList();
  }

  private List<String> backwards(String prefix, String before, int limit) {
    return metadata.read(reader ->
        reader.scanBackwards("test", prefix, before, limit).stream()
            .map(Metadata.Row::name)
            .toList());
  }

  protected static Metadata.Key key(String name) {
    return new Metadata.Key("test", name);
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
