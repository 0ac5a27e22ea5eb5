package dev.dassie.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.ObjectStore;
import dev.dassie.metadata.Metadata;
import dev.dassie.store.sql.SqliteMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairingTest {
  private static final String ID = "00112233445566778899aabbccddeeff";

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private Metadata metadata;

  @BeforeEach
  void open() {
    metadata = new SqliteMetadata(folder.resolve("one.db"));
  }

  @AfterEach
  void close() {
    metadata.close();
  }

  private static void check(Metadata database, ObjectStore store) {
    new Pairing(database, "THE DATABASE", store, "THE STORE").check();
  }

  private String row() {
    return HexFormat.of().formatHex(metadata.read(rows -> rows.get(Pairing.ROW)).orElseThrow());
  }

  private void write(boolean sealed) {
    byte[] row = HexFormat.of().parseHex("0120" + hex(ID) + (sealed ? "01" : "00"));
    metadata.<Boolean>write(writer -> {
      writer.put(Pairing.ROW, row);
      return true;
    });
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void publish(String key, String text) {
    try (ObjectStore.Upload upload = objects.upload()) {
      upload.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      upload.publish(key);
    }
  }

  private String object() {
    return new String(objects.objects().get("store-id"), StandardCharsets.US_ASCII);
  }

  @Test
  void aNewPairKnowsItselfAgain() {
    check(metadata, objects);
    check(metadata, objects);

    assertThat(object()).matches("[0-9a-f]{32}\n");
    assertThat(row()).isEqualTo("0120" + hex(object().strip()) + "01");
  }

  @Test
  void anotherDatabaseIsRefusedTheStore() {
    check(metadata, objects);

    try (Metadata other = new SqliteMetadata(folder.resolve("other.db"))) {
      assertThatThrownBy(() -> check(other, objects))
          .hasMessage("The store `THE STORE` belongs to another database than `THE DATABASE`.");
      check(other, new MemoryObjectStore());
      assertThatThrownBy(() -> check(other, objects)).hasMessageContaining("belongs to another");
    }
  }

  @Test
  void anotherStoreIsRefusedToTheDatabase() {
    check(metadata, objects);

    assertThatThrownBy(() -> check(metadata, new MemoryObjectStore()))
        .hasMessage(
            "The store `THE STORE` is not the one of the database `THE DATABASE`: it has no `store-id`.");
  }

  @Test
  void packsThatAnEmptyDatabaseDoesNotKnowAreNotTaken() {
    publish("packs/data/ab/x.pack", "x");

    assertThatThrownBy(() -> check(metadata, objects)).hasMessageContaining("belongs to another");
  }

  @Test
  void anInstanceFromBeforeThereWereIdsGetsOne() {
    publish("packs/data/ab/x.pack", "x");
    long _ = metadata.<Long>write(writer -> writer.append(new byte[1]));

    check(metadata, objects);

    assertThat(row()).endsWith("01");
  }

  @Test
  void aCrashBeforeTheObjectIsGoneOnFrom() {
    write(false);

    check(metadata, objects);

    assertThat(object()).isEqualTo(ID + "\n");
    assertThat(row()).endsWith("01");
  }

  @Test
  void aCrashAfterTheObjectIsGoneOnFrom() {
    write(false);
    publish("store-id", ID + "\n");

    check(metadata, objects);

    assertThat(row()).endsWith("01");
  }

  @Test
  void ofTwoThatWantOneStoreOneGetsIt() {
    write(false);
    publish("store-id", ID.replace('0', '1') + "\n");

    assertThatThrownBy(() -> check(metadata, objects)).hasMessageContaining("belongs to another");
    assertThat(row()).endsWith("00");
  }

  @Test
  void nothingIsDeletedOnceTheDatabaseRefuses() {
    publish("packs/data/ab/x.pack", "x");
    ObjectStore claimed = new ClaimedObjects(objects, metadata);
    metadata.close();

    assertThatThrownBy(() -> claimed.delete("packs/data/ab/x.pack"))
        .hasMessage("The database does not answer: it is closed.");

    assertThat(claimed.list("packs/", "", 10)).containsExactly("packs/data/ab/x.pack");
  }
}
