package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions side by side, failures on the way, and a model.
final class PackSessionTest {
  @TempDir Path folder;
  private final FailingObjectStore objects = new FailingObjectStore();

  private static Digest put(ChunkStore.Session session, Role role, byte[] bytes) {
    return session.put(role, bytes, 0, bytes.length);
  }

  private static void assertFull(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Full.class));
  }

  @Test
  void whatAThreadPutIsThereForAllWhenItHasPublished() throws Exception {
    try (Packs packs = new Packs(objects, folder);
        ChunkStore.Session session = packs.session();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        Random random = new Random(thread);
        tasks.add(
            threads.submit(() -> {
              for (int round = 0; round < 10; round++) {
                Set<Digest> mine = new HashSet<>();
                for (int i = 0; i < 20; i++) {
                  // Few seeds, so that threads put the same chunks at the same time.
                  int seed = random.nextInt(300);
                  byte[] bytes = Noise.bytes(seed, 100 + seed * 400);
                  mine.add(put(session, seed % 2 == 0 ? Role.DATA : Role.TREE, bytes));
                  assertThat(session.read(Digest.of(bytes))).isEqualTo(bytes);
                }
                session.publish();
                assertThat(mine).allMatch(packs::contains);
                assertThat(mine).allMatch(id -> Digest.of(packs.read(id)).equals(id));
              }
            }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
  }

  @Test
  void aSessionThatCouldNotPublishRefusesFromThenOn() {
    byte[] bytes = Noise.bytes(1, 50_000);
    try (Packs packs = new Packs(objects, folder)) {
      try (ChunkStore.Session session = packs.session()) {
        put(session, Role.DATA, bytes);
        put(session, Role.TREE, Noise.bytes(2, 100));
        objects.failAfter(10_000);
        assertFull(session::publish);
        objects.failAfter(Long.MAX_VALUE);

        assertFull(session::publish);
        assertFull(() -> put(session, Role.DATA, Noise.bytes(3, 10)));
      }
      assertThat(packs.contains(Digest.of(bytes))).isFalse();

      try (ChunkStore.Session next = packs.session()) {
        Digest id = put(next, Role.DATA, bytes);
        next.publish();
        assertThat(packs.read(id)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void aDiskThatFillsUpInTheMiddleOfAPackIsRefused() {
    try (Packs packs = new Packs(objects, folder);
        ChunkStore.Session session = packs.session()) {
      objects.failAfter(3 << 20);

      assertFull(() -> {
        for (int i = 0; i < 20; i++) {
          put(session, Role.DATA, Noise.bytes(i, 1 << 20));
        }
      });
      assertFull(session::publish);
    }

    assertThat(objects.objects().objects()).isEmpty();
  }

  @Test
  void aClosedSessionIsAMistakeToUse() {
    try (Packs packs = new Packs(objects, folder)) {
      ChunkStore.Session session = packs.session();
      session.close();

      assertThatThrownBy(() -> put(session, Role.DATA, new byte[1]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(session::publish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void chunksOverOneMebibyteAreAMistake() {
    try (Packs packs = new Packs(objects, folder);
        ChunkStore.Session session = packs.session()) {
      byte[] bytes = new byte[ChunkStore.MAX_CHUNK + 1];

      assertThatThrownBy(() -> put(session, Role.DATA, bytes))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sessionsFailuresAndRestartsFollowAModel() {
    Random random = new Random(99);
    Map<Digest, byte[]> published = new HashMap<>();
    for (int life = 0; life < 12; life++) {
      Packs packs = new Packs(objects, folder);
      for (int i = 0; i < 15; i++) {
        runSession(packs, random, published);
      }
      for (Map.Entry<Digest, byte[]> chunk : published.entrySet()) {
        assertThat(packs.read(chunk.getKey())).isEqualTo(chunk.getValue());
      }
      if (random.nextBoolean()) {
        packs.close();
      }
      // Else it crashed: the index in memory is lost.
    }
    assertThat(published).hasSizeGreaterThan(500);
  }

  private void runSession(Packs packs, Random random, Map<Digest, byte[]> published) {
    Map<Digest, byte[]> mine = new HashMap<>();
    boolean fails = random.nextInt(5) == 0;
    objects.failAfter(fails ? random.nextInt(200_000) : Long.MAX_VALUE);
    try (ChunkStore.Session session = packs.session()) {
      int chunks = random.nextInt(40);
      for (int i = 0; i < chunks; i++) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 300_000 : 3000)];
        if (random.nextBoolean()) {
          random.nextBytes(bytes);
        }
        Digest id = put(session, random.nextBoolean() ? Role.DATA : Role.TREE, bytes);
        mine.put(id, bytes);
        if (random.nextInt(10) == 0) {
          session.publish();
          published.putAll(mine);
        }
      }
      mine.forEach((id, bytes) -> assertThat(session.read(id)).isEqualTo(bytes));
      if (random.nextInt(4) > 0) {
        session.publish();
        published.putAll(mine);
      }
    } catch (DassieException e) {
      assertThat(e.fault()).isInstanceOf(Fault.Full.class);
    } finally {
      objects.failAfter(Long.MAX_VALUE);
    }
  }
}
