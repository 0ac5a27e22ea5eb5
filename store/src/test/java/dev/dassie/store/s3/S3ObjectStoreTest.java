package dev.dassie.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ObjectStore;
import dev.dassie.content.ObjectStoreContract;
import dev.dassie.store.backend.Buckets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ObjectStoreTest extends ObjectStoreContract {
  private static final Buckets SERVER = Buckets.shared();
  private static final S3Limits SMALL_PARTS =
      new S3Limits(
          S3Limits.defaults().connect(),
          S3Limits.defaults().stall(),
          3,
          S3Limits.defaults().firstPause(),
          S3Limits.defaults().longestPause(),
          S3Limits.defaults().patience(),
          8,
          5 << 20,
          6 << 20);

  @TempDir Path folder;
  private final String bucket = SERVER.newBucket();
  private S3ObjectStore opened;

  @BeforeEach
  void open() {
    opened = open("");
  }

  @AfterEach
  void close() {
    opened.close();
  }

  /// The same store at each call of one test.
  @Override
  protected ObjectStore create() {
    return open("");
  }

  private S3ObjectStore open(String parameters) {
    String endpoint = "endpoint=" + SERVER.endpoint();
    return new S3ObjectStore(
        S3Address.parse(
            "s3://"
                + bucket
                + "/some/prefix?"
                + endpoint
                + parameters.replace('?', '&').replaceAll("&$", "")),
        SMALL_PARTS,
        folder,
        8 << 20);
  }

  private static void publish(ObjectStore store, String key, byte[] bytes) {
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(bytes));
      upload.publish(key);
    }
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(ObjectStore store, String key, long offset, int length) {
    ByteBuffer buffer = store.read(key, offset, length);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void aLargeObjectGoesInPartsAndComesBackAsItWas() {
    byte[] bytes = noise(13_000_001);

    publish(opened, "packs/large", bytes);

    assertThat(opened.size("packs/large")).isEqualTo(bytes.length);
    assertThat(read(opened, "packs/large", 0, bytes.length)).isEqualTo(bytes);
    assertThat(read(opened, "packs/large", 5_242_870, 20))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, 5_242_870, 5_242_890));
    assertThatThrownBy(() -> publish(opened, "packs/large", bytes))
        .hasMessageContaining("`packs/large` exists already");
  }

  @Test
  void everyDialectWritesWhatTheOthersRead() {
    for (String dialect :
        new String[] {
          "?checksum=none", "?checksum=crc32c", "?conditional_put=false", "?region=us-east-1"
        }) {
      try (S3ObjectStore store = open(dialect)) {
        String key = "by/" + dialect.replaceAll("[^a-z0-9]", "");
        publish(store, key, noise(1000));
        publish(store, key + "-large", noise(7 << 20));

        assertThat(read(opened, key, 0, 1000)).as(dialect).isEqualTo(noise(1000));
        assertThat(opened.size(key + "-large")).isEqualTo(7 << 20);
        assertThatThrownBy(() -> publish(store, key, new byte[1]))
            .as(dialect)
            .hasMessageContaining("exists already");
      }
    }
  }

  @Test
  void objectsOfOtherToolsAreNotSeen() {
    SERVER.put(bucket, "elsewhere", "x");
    SERVER.put(bucket, "some/prefix/Capital Name", "x");
    SERVER.put(bucket, "some/prefix/tmp/x", "x");
    publish(opened, "ours", new byte[1]);

    assertThat(opened.list("", "", 10)).containsExactly("ours");
  }

  @Test
  void listsGoOnBeyondAPage() {
    for (int i = 0; i < 1050; i++) {
      SERVER.put(bucket, "some/prefix/many/%05d".formatted(i), "x");
    }

    assertThat(opened.list("many/", "many/00001", 4096)).hasSize(1048);
    assertThat(opened.list("", "", 1001)).hasSize(1001);
  }

  @Test
  void aStoreOfANewerFormatIsRefusedInOneSentence() {
    SERVER.put(bucket, "some/prefix/.dassie-store", "dassie objects 99\n");

    assertThatThrownBy(() -> open(""))
        .hasMessageContaining("has format 99, and this Dassie reads up to 1.");
  }

  @Test
  void filesOfUploadsAreGoneAfterwardsAndAfterACrash() throws IOException {
    publish(opened, "a", new byte[10]);
    ObjectStore.Upload left = opened.upload();
    left.write(ByteBuffer.wrap(new byte[10]));
    assertThat(uploads()).isEqualTo(1);

    open("").close();

    assertThat(uploads()).isZero();
  }

  private long uploads() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("uploads"))) {
      return files.count();
    }
  }

  @Test
  void whatWasReadIsReadAgainWithoutTheServer() {
    byte[] bytes = noise(1_000_000);
    publish(opened, "packs/kept", bytes);
    assertThat(read(opened, "packs/kept", 0, bytes.length)).isEqualTo(bytes);
    opened.close();
    S3ObjectStore again = open("");
    SERVER.deleteBucket(bucket);

    assertThat(read(again, "packs/kept", 100_000, 800_000))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, 100_000, 900_000));

    opened = again;
  }
}
