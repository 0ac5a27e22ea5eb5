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
}
