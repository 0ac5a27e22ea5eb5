package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The index against the packs: missing, behind, ahead; and packs that are damaged.
final class PacksRecoveryTest {
  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();

  private Digest store(Packs packs, int seed) {
    byte[] bytes = Noise.bytes(seed, 3000);
    try (ChunkStore.Session session = packs.session()) {
      Digest id = session.put(Role.TREE, bytes, 0, bytes.length);
      session.publish();
      return id;
    }
  }

  private void emptyFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aLostIndexIsMadeAnew() throws IOException {
    List<Digest> ids = new ArrayList<>();
    try (Packs packs = new Packs(objects, folder)) {
      for (int i = 0; i < 20; i++) {
        ids.add(store(packs, i));
      }
    }
    emptyFolder();

    try (Packs again = new Packs(objects, folder)) {
      assertThat(ids).allMatch(id -> Digest.of(again.read(id)).equals(id));
    }
  }

  @Test
  void packsThatTheIndexDoesNotCoverAreAdded() throws IOException {
    Digest first;
    Digest second;
    try (Packs packs = new Packs(objects, folder)) {
      first = store(packs, 1);
    }
    Path elsewhere = Files.createTempDirectory(folder, "other");
    try (Packs packs = new Packs(objects, elsewhere)) {
      second = store(packs, 2);
    }

    try (Packs again = new Packs(objects, folder)) {
      assertThat(again.contains(first)).isTrue();
      assertThat(again.contains(second)).isTrue();
    }
  }

  @Test
  void packsThatAreGoneAreForgotten() {
    Digest first;
    try (Packs packs = new Packs(objects, folder)) {
      first = store(packs, 1);
      store(packs, 2);
    }
    String key = keyOf(first);
    objects.delete(key);

    try (Packs again = new Packs(objects, folder)) {
      assertThat(again.contains(first)).isFalse();
      assertThat(store(again, 1)).isEqualTo(first);
      assertThat(again.contains(first)).isTrue();
    }
  }

  private String keyOf(Digest id) {
    return objects.list("packs/", "", 100).stream()
        .filter(key -> holds(objects.objects().get(key), id))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holds(byte[] bytes, Digest id) {
    byte[] wanted = id.toBytes();
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aDamagedFooterIsReportedAndHidesOnlyItsPack() throws IOException {
    Digest first;
    Digest second;
    try (Packs packs = new Packs(objects, folder)) {
      first = store(packs, 1);
      second = store(packs, 2);
    }
    String key = keyOf(first);
    byte[] bytes = objects.objects().get(key);
    bytes[bytes.length - 20] ^= 1;
    emptyFolder();

    try (Packs again = new Packs(objects, folder)) {
      assertThat(again.damaged()).hasSize(1);
      assertThat(again.damaged().getFirst().message()).contains(key);
      assertThat(again.contains(first)).isFalse();
      assertThat(again.contains(second)).isTrue();
    }
  }

  @Test
  void everyDamagedByteOfHeaderAndFooterIsNoticed() {
    Digest id;
    try (Packs packs = new Packs(objects, folder)) {
      id = store(packs, 1);
    }
    String key = keyOf(id);
    PackId pack = PackId.parse(key).orElseThrow();
    byte[] good = objects.objects().get(key);
    PackReader reader = new PackReader(objects, new BlockCodec(), new BlockCache(0));
    assertThat(reader.contents(pack).chunks()).hasSize(1);

    for (int at = 0; at < good.length; at++) {
      boolean block = at >= PackFormat.HEADER && at < PackFormat.HEADER + 3000;
      if (!block) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 + at % 255);
        objects.objects().put(key, bad);
        assertThatThrownBy(() -> reader.contents(pack))
            .as("byte %s", at)
            .isInstanceOf(DassieException.class);
      }
    }
    for (int length = 0; length < good.length; length += 7) {
      objects.objects().put(key, java.util.Arrays.copyOf(good, length));
      assertThatThrownBy(() -> reader.contents(pack)).isInstanceOf(DassieException.class);
    }
  }

  @Test
  void aNewerPackFormatIsRefusedInASentence() {
    Digest id;
    try (Packs packs = new Packs(objects, folder)) {
      id = store(packs, 1);
    }
    String key = keyOf(id);
    objects.objects().get(key)[8] = 2;

    assertThatThrownBy(() -> new Packs(objects, folder.resolve("fresh")))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Unsupported.class))
        .hasMessageContaining(key);
  }
}
