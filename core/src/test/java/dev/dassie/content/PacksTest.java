package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PacksTest {
  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final Random random = new Random(7);

  private Packs open() {
    return new Packs(objects, folder);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int length) {
    return "0123456789 some text that repeats\n"
        .repeat(length / 30 + 1)
        .substring(0, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Digest put(ChunkStore.Session session, Role role, byte[] bytes) {
    return session.put(role, bytes, 0, bytes.length);
  }

  @Test
  void chunksOfAnySizeComeBackAfterReopening() {
    List<byte[]> chunks = new ArrayList<>();
    for (int size : new int[] {0, 1, 63, 64, 1000, 65_535, 65_536, 65_537, 300_000, 1 << 20}) {
      chunks.add(noise(size));
      chunks.add(text(size));
    }
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      for (byte[] chunk : chunks) {
        assertThat(put(session, Role.DATA, chunk)).isEqualTo(Digest.of(chunk));
        assertThat(session.read(Digest.of(chunk))).isEqualTo(chunk);
      }
      session.publish();
    }

    try (Packs again = open()) {
      for (byte[] chunk : chunks) {
        assertThat(again.contains(Digest.of(chunk))).isTrue();
        assertThat(again.read(Digest.of(chunk))).isEqualTo(chunk);
      }
    }
  }

  @Test
  void aSmallSessionMakesOnePackForEachRole() {
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      put(session, Role.DATA, noise(500));
      put(session, Role.DATA, noise(100_000));
      put(session, Role.TREE, noise(900));
      session.publish();
      session.publish();
    }

    assertThat(objects.objects()).hasSize(2);
    assertThat(objects.list("packs/data/", "", 10)).hasSize(1);
    assertThat(objects.list("packs/tree/", "", 10)).hasSize(1);
  }

  @Test
  void anEmptySessionWritesNothing() {
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      session.publish();
    }

    assertThat(objects.objects()).isEmpty();
  }

  @Test
  void whatIsNotPublishedIsSeenByNobodyElse() {
    byte[] chunk = noise(1000);
    try (Packs packs = open()) {
      try (ChunkStore.Session session = packs.session()) {
        Digest id = put(session, Role.DATA, chunk);
        assertThat(packs.contains(id)).isFalse();
      }
      assertThat(packs.contains(Digest.of(chunk))).isFalse();
    }

    assertThat(objects.objects()).isEmpty();
  }

  @Test
  void chunksThatAreThereAreNotStoredAgain() {
    byte[] chunk = noise(200_000);
    try (Packs packs = open();
        ChunkStore.Session first = packs.session();
        ChunkStore.Session second = packs.session()) {
      put(first, Role.DATA, chunk);
      put(first, Role.DATA, chunk);
      first.publish();
      put(first, Role.DATA, chunk);
      first.publish();
      put(second, Role.DATA, chunk);
      second.publish();

      assertThat(first.newBytes()).isEqualTo(200_000);
      assertThat(second.newBytes()).isZero();
    }

    assertThat(objects.objects()).hasSize(1);
  }

  @Test
  void aFullPackIsPublishedOnTheWay() {
    Set<Digest> ids = new HashSet<>();
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      for (int i = 0; i < 80; i++) {
        ids.add(put(session, Role.DATA, noise(1 << 20)));
      }
      session.publish();
      for (Digest id : ids) {
        assertThat(Digest.of(packs.read(id))).isEqualTo(id);
      }
    }

    assertThat(objects.objects()).hasSize(2);
    assertThat(objects.objects().values()).allMatch(pack -> pack.length <= PackFormat.MAX_PACK);
  }

  @Test
  void ownChunksBeyondTheMemoryLimitAreReadBack() {
    List<byte[]> chunks = new ArrayList<>();
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      for (int i = 0; i < 120; i++) {
        chunks.add(noise(60_000));
        put(session, Role.TREE, chunks.getLast());
      }
      for (byte[] chunk : chunks) {
        assertThat(session.read(Digest.of(chunk))).isEqualTo(chunk);
      }
    }
  }

  @Test
  void aWrongByteIsReportedWithThePackAndTheChunk() {
    byte[] chunk = noise(5000);
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      Digest id = put(session, Role.DATA, chunk);
      session.publish();
      String key = objects.list("", "", 1).getFirst();
      objects.objects().get(key)[100] ^= 1;

      assertThatThrownBy(() -> packs.read(id))
          .isInstanceOfSatisfying(
              DassieException.class,
              e -> {
                assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class);
                assertThat(e).hasMessageContaining(key).hasMessageContaining(id.toString());
              });
    }
  }

  @Test
  void aMissingChunkAndAMissingPackAreCorruption() {
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      Digest id = put(session, Role.DATA, noise(5000));
      session.publish();
      objects.objects().clear();

      assertThatThrownBy(() -> packs.read(id)).hasMessageContaining("no such pack");
      Digest never = Digest.of(new byte[1]);
      assertThatThrownBy(() -> packs.read(never)).hasMessageContaining(never.toString());
    }
  }

  @Test
  void treeChunksAreWalkedInTheOrderTheyWerePut() {
    List<Digest> ids = new ArrayList<>();
    try (Packs packs = open();
        ChunkStore.Session session = packs.session()) {
      for (int i = 0; i < 50; i++) {
        ids.add(put(session, Role.TREE, noise(10_000)));
        put(session, Role.DATA, noise(10_000));
      }
      session.publish();

      List<Digest> walked = new ArrayList<>();
      Iterator<Digest> walk = packs.treeChunks();
      walk.forEachRemaining(walked::add);
      assertThat(walked).isEqualTo(ids);
    }
  }
}
