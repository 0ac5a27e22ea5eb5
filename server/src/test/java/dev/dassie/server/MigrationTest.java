package dev.dassie.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.ObjectStore;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.store.sql.SqliteMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
  @TempDir Path folder;
  private final List<Metadata> opened = new ArrayList<>();
  private Migration.Place old;
  private Migration.Place next;

  @BeforeEach
  void anInstanceAndANewPlace() {
    old = new Migration.Place(database("old"), "OLD DB", new MemoryObjectStore(), "OLD STORE");
    next = new Migration.Place(database("next"), "NEXT DB", new MemoryObjectStore(), "NEXT STORE");
    old.pairing().check();
    for (int i = 0; i < 700; i++) {
      put(old, "refs", "name é" + i, "value " + i);
    }
    put(old, "jobs", "one", "x".repeat(100_000));
    for (int i = 0; i < 20; i++) {
      publish(old.objects(), "packs/data/ab/ab%02d.pack".formatted(i), "bytes " + i);
    }
    publish(old.objects(), "packs/tree/00/00.pack", "");
  }

  @AfterEach
  void close() {
    opened.forEach(Metadata::close);
  }

  private Metadata database(String name) {
    Metadata metadata = new SqliteMetadata(folder.resolve(name + ".db"));
    opened.add(metadata);
    return metadata;
  }

  private static void put(Migration.Place place, String table, String name, String value) {
    place
        .metadata()
        .<Boolean>write(writer -> {
          writer.put(new Metadata.Key(table, name), bytes(value));
          writer.append(bytes(name));
          return true;
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void publish(ObjectStore objects, String key, String text) {
    try (ObjectStore.Upload upload = objects.upload()) {
      upload.write(ByteBuffer.wrap(bytes(text)));
      upload.publish(key);
    }
  }

  private static Migration.Moved move(Migration.Place from, Migration.Place to) {
    return new Migration(from, to, line -> {}).run().orElse(new Migration.Moved(0, 0, 0, 0));
  }

  /// All that matters of a place: rows but those of the table `server`, the feed, and the packs.
  private static Map<String, String> all(Migration.Place place) {
    Map<String, String> found = new HashMap<>();
    for (String table : place.metadata().read(Metadata.Reader::tables)) {
      if (!table.equals("server")) {
        place
            .metadata()
            .read(rows -> rows.scan(table, "", "", 10_000))
            .forEach(row -> found.put(table + "/" + row.name(), text(row.value())));
      }
    }
    place
        .metadata()
        .events(0, 10_000)
        .forEach(event -> found.put("feed/" + event.position(), text(event.value())));
    for (String key : place.objects().list("packs/", "", 1000)) {
      int size = (int) place.objects().size(key);
      found.put(key, StandardCharsets.UTF_8.decode(place.objects().read(key, 0, size)).toString());
    }
    return found;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void everythingIsThereAndTheOldPlaceIsClosed() {
    Map<String, String> before = all(old);

    Migration.Moved moved = move(old, next);

    assertThat(moved).isEqualTo(new Migration.Moved(21, 140 + 10, 701, 701));
    assertThat(all(next)).isEqualTo(before);
    assertThat(next.pairing().id()).isEqualTo(old.pairing().id());
    next.pairing().check();
    assertThatThrownBy(() -> old.pairing().check())
        .hasMessage("The database `OLD DB` was moved to `NEXT DB`, and is used no more.");
    assertThatThrownBy(
            () -> new Pairing(database("empty"), "EMPTY DB", old.objects(), "OLD STORE").check())
        .hasMessage("The store `OLD STORE` was moved to `NEXT STORE`, and is used no more.");
  }

  @Test
  void itIsNotMovedTwice() {
    move(old, next);
    put(next, "refs", "later", "more");
    Map<String, String> before = all(next);

    assertThatThrownBy(() -> move(old, next))
        .hasMessage("The instance of `OLD DB` was moved to `NEXT DB`, and is used no more.");

    assertThat(all(next)).isEqualTo(before);
  }

  @Test
  void itMovesBackWithWhatChanged() {
    move(old, next);
    put(next, "refs", "later", "more");
    put(next, "refs", "name é7", "other");
    next.metadata()
        .<Boolean>write(writer -> {
          writer.delete(new Metadata.Key("jobs", "one"));
          return true;
        });
    publish(next.objects(), "packs/data/cd/cd.pack", "later");
    Map<String, String> before = all(next);

    move(next, old);

    assertThat(all(old)).isEqualTo(before);
    old.pairing().check();
    assertThatThrownBy(() -> next.pairing().check()).hasMessageContaining("was moved to `OLD DB`");
  }

  @Test
  void oneOfTheTwoMovesAlone() {
    Map<String, String> before = all(old);
    Migration.Place onlyStore =
        new Migration.Place(old.metadata(), "OLD DB", next.objects(), "NEXT STORE");

    assertThat(move(old, onlyStore)).isEqualTo(new Migration.Moved(21, 150, 0, 0));
    assertThat(all(onlyStore)).isEqualTo(before);
    onlyStore.pairing().check();
    assertThat(move(onlyStore, next)).isEqualTo(new Migration.Moved(0, 0, 701, 701));
    assertThat(all(next)).isEqualTo(before);
    next.pairing().check();
    assertThatThrownBy(() -> onlyStore.pairing().check()).hasMessageContaining("was moved to");
  }

  @Test
  void whatIsNotEmptyIsRefusedAndNothingIsChanged() {
    put(next, "refs", "mine", "1");
    Map<String, String> before = all(next);

    assertThatThrownBy(() -> move(old, next))
        .hasMessage(
            "The database `NEXT DB` is not empty; expected a new one, or the one that this instance"
                + " came from.");
    Migration.Place foreign =
        new Migration.Place(database("new"), "NEW DB", new MemoryObjectStore(), "FOREIGN");
    publish(foreign.objects(), "packs/data/ff/ff.pack", "not ours");
    assertThatThrownBy(() -> move(old, foreign)).hasMessageContaining("The store `FOREIGN`");

    assertThat(all(next)).isEqualTo(before);
    old.pairing().check();
  }

  @Test
  void aCopyThatDiffersIsFoundAndTheOldPlaceStaysOpen() {
    publish(next.objects(), "store-closed", "moving from OLD STORE\n");
    publish(next.objects(), "packs/data/ab/ab03.pack", "damaged");

    assertThatThrownBy(() -> move(old, next))
        .hasMessageContaining("`packs/data/ab/ab03.pack` in `NEXT STORE`");

    old.pairing().check();
    assertThatThrownBy(() -> next.pairing().check())
        .hasMessageContaining("holds what an unfinished `dassie migrate` from");
  }

  /// Breaks off before the first change that the move makes, before the second, and so on.
  @Test
  void brokenOffAnywhereItGoesOn() {
    boolean whole = false;
    for (int changes = 0; !whole; changes++) {
      Migration.Place from = place("FROM");
      Migration.Place to = place("TO");
      from.pairing().check();
      put(from, "refs", "a", "1");
      put(from, "jobs", "b", "2");
      publish(from.objects(), "packs/data/ab/ab.pack", "one");
      publish(from.objects(), "packs/data/cd/cd.pack", "two");
      Map<String, String> before = all(from);
      AtomicInteger left = new AtomicInteger(changes);

      try {
        move(BreakingStores.around(from, left), BreakingStores.around(to, left));
        whole = true;
        assertThat(changes).isGreaterThan(12);
      } catch (BreakingStores.Broken e) {
        assertThat(isOpen(from) && isOpen(to)).as("both, after %d changes", changes).isFalse();
        move(from, to);
      }

      assertThat(all(to)).isEqualTo(before);
      to.pairing().check();
      assertThat(isOpen(from)).isFalse();
    }
  }

  private static Migration.Place place(String name) {
    return new Migration.Place(
        new MemoryMetadata(), name + " DB", new MemoryObjectStore(), name + " STORE");
  }

  /// Looks without pairing what is new.
  private static boolean isOpen(Migration.Place place) {
    return place.pairing().id().isPresent()
        && Closing.of(place.metadata()).isEmpty()
        && Closing.of(place.objects()).isEmpty();
  }
}
