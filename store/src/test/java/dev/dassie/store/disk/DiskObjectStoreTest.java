package dev.dassie.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ObjectStore;
import dev.dassie.content.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskObjectStoreTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore create() {
    return new DiskObjectStore(folder.resolve("deep/root"));
  }

  private List<Path> uploads() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("deep/root/tmp"))) {
      return files.toList();
    }
  }

  @Test
  void theKeyIsThePathBelowTheRoot() throws IOException {
    ObjectStore store = create();
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      upload.publish("packs/data/ab/ab01.pack");
    }

    assertThat(Files.readAllBytes(folder.resolve("deep/root/packs/data/ab/ab01.pack")))
        .containsExactly(1, 2, 3);
    assertThat(uploads()).isEmpty();
  }

  @Test
  void discardedAndRefusedUploadsLeaveNoFile() throws IOException {
    ObjectStore store = create();
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(new byte[1000]));
    }
    try (ObjectStore.Upload upload = store.upload()) {
      upload.publish("key");
    }
    try (ObjectStore.Upload upload = store.upload()) {
      assertThatThrownBy(() -> upload.publish("key")).hasMessageContaining("`key`");
    }
    try (ObjectStore.Upload upload = store.upload()) {
      assertThatThrownBy(() -> upload.publish("../key")).hasMessageContaining("`../key`");
    }

    assertThat(uploads()).isEmpty();
  }

  @Test
  void uploadsThatACrashLeftAreSweptAtTheNextStart() throws IOException {
    ObjectStore crashed = create();
    ObjectStore.Upload left = crashed.upload();
    left.write(ByteBuffer.wrap(new byte[1000]));
    assertThat(uploads()).hasSize(1);

    ObjectStore store = create();

    assertThat(uploads()).isEmpty();
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void aKeyBelowAnObjectIsRefused() {
    ObjectStore store = create();
    try (ObjectStore.Upload upload = store.upload()) {
      upload.publish("a");
    }
    try (ObjectStore.Upload upload = store.upload()) {
      assertThatThrownBy(() -> upload.publish("a/b"))
          .isInstanceOf(dev.dassie.fault.DassieException.class);
    }

    assertThat(store.list("", "", 10)).containsExactly("a");
  }

  @Test
  void largeObjectsAreWholeWhereverTheirBlocksBeginAndEnd() {
    ObjectStore store = create();
    Random random = new Random(11);
    for (int piece : List.of(1, 4_095, 70_001, 524_288, 3_000_000)) {
      byte[] bytes = new byte[6_000_000 + piece];
      random.nextBytes(bytes);
      String key = "large" + piece;
      try (ObjectStore.Upload upload = store.upload()) {
        int first = 2 << 20;
        upload.write(ByteBuffer.wrap(bytes, 0, first + 1));
        for (int at = first + 1; at < bytes.length; at += Math.max(piece, 999)) {
          int count = Math.min(Math.max(piece, 999), bytes.length - at);
          upload.write(ByteBuffer.wrap(bytes, at, count));
        }
        upload.publish(key);
      }

      assertThat(store.size(key)).isEqualTo(bytes.length);
      assertThat(store.read(key, 0, bytes.length)).isEqualTo(ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void blocksGoTheCommonWayWhereThereIsNoOther() throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, new byte[10]);
    ByteBuffer crooked = Around.aligned(2 * Around.PAGE).position(1).limit(Around.PAGE + 1);

    try (Around around = Around.open(file)) {
      assertThat(around.write(crooked, 7)).isFalse();
      assertThat(crooked.remaining()).isEqualTo(Around.PAGE);
      ByteBuffer straight = Around.aligned(Around.PAGE);
      assertThat(around.write(straight, 0)).as("after a refusal the way is closed").isFalse();
    }
    assertThat(Files.size(file)).isEqualTo(10);
  }
}
