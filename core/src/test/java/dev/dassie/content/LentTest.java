package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Chunks that are lent, and what is remembered of their bytes.
final class LentTest {
  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final Random random = new Random(11);

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Digest stored(Packs packs, byte[] chunk) {
    try (ChunkStore.Session session = packs.session()) {
      Digest id = session.put(Role.DATA, chunk, 0, chunk.length);
      session.publish();
      return id;
    }
  }

  private static byte[] lent(Packs packs, Digest id) {
    Lent lent = packs.lend(id);
    byte[] bytes = new byte[lent.bytes().remaining()];
    lent.bytes().duplicate().get(bytes);
    lent.giveBack();
    return bytes;
  }

  private void damage(int at) {
    for (Map.Entry<String, byte[]> object : objects.objects().entrySet()) {
      if (object.getKey().startsWith("packs/data/")) {
        object.getValue()[at] ^= 1;
      }
    }
  }

  @Test
  void chunksOfEveryKindAreLentAsTheyAreRead() {
    try (Packs packs = new Packs(objects, folder)) {
      for (byte[] chunk :
          List.of(noise(10), noise(65_536), noise(65_537), noise(1 << 20), new byte[900_000])) {
        Digest id = stored(packs, chunk);

        assertThat(lent(packs, id)).isEqualTo(chunk).isEqualTo(packs.read(id));
      }
    }
  }

  @Test
  void whenAllBuffersAreLentTheHeapServes() {
    try (Packs packs = new Packs(objects, folder)) {
      byte[] chunk = noise(200_000);
      Digest id = stored(packs, chunk);
      List<Lent> held = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        held.add(packs.lend(id));
      }

      assertThat(held.stream().filter(lent -> lent.bytes().isDirect()).count())
          .isEqualTo(Packs.BUFFERS);
      assertThat(held).allMatch(lent -> lent.bytes().equals(ByteBuffer.wrap(chunk)));
      held.forEach(Lent::giveBack);
      assertThat(packs.lend(id).bytes().isDirect()).isTrue();
    }
  }

  @Test
  void aBufferThatWasLostIsNotUsedAgain() {
    Buffers buffers = new Buffers(1, 100);
    ByteBuffer first = buffers.take(10).orElseThrow();
    assertThat(buffers.take(10)).isEqualTo(Optional.empty());

    buffers.lose();

    assertThat(buffers.take(10).orElseThrow()).isNotSameAs(first);
  }

  /// What was checked when it was stored is checked again at every read, by its checksum.
  @Test
  void aByteThatChangedAfterItWasStoredIsFound() {
    try (Packs packs = new Packs(objects, folder)) {
      Digest id = stored(packs, noise(200_000));
      assertThat(lent(packs, id)).hasSize(200_000);

      damage(100_000);

      assertThatThrownBy(() -> packs.lend(id))
          .isInstanceOfSatisfying(
              DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class));
      assertThatThrownBy(() -> packs.read(id)).hasMessageContaining("is damaged");
    }
  }

  @Test
  void aByteThatChangedWhileTheServerWasAwayIsFound() {
    Digest id;
    try (Packs packs = new Packs(objects, folder)) {
      id = stored(packs, noise(200_000));
    }
    damage(100_000);

    try (Packs packs = new Packs(objects, folder)) {
      assertThatThrownBy(() -> packs.lend(id)).isInstanceOf(DassieException.class);
    }
  }

  @Test
  void anotherChunkInTheSlotMakesAChunkBeHashedAgain() {
    CheckedBlocks checked = new CheckedBlocks(1);
    Digest one = Digest.of(noise(10));
    Digest other = Digest.of(noise(10));
    checked.note(one, 5);
    assertThat(checked.isKnown(one, 5)).isTrue();
    assertThat(checked.isKnown(one, 6)).isFalse();
    assertThat(checked.isKnown(other, 5)).isFalse();

    checked.note(other, 5);

    assertThat(checked.isKnown(one, 5)).isFalse();
    assertThat(checked.isKnown(other, 5)).isTrue();
  }
}
