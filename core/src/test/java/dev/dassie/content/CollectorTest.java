package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Collections, and writers at every point of one.
final class CollectorTest {
  private static final Pace FAST = new Pace(Pace.UNBOUNDED);

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();

  private static Digest put(ChunkStore.Session session, int seed) {
    byte[] bytes = Noise.bytes(seed, 3000);
    return session.put(Role.DATA, bytes, 0, bytes.length);
  }

  private static List<Digest> store(Packs packs, int from, int to) {
    List<Digest> ids = new ArrayList<>();
    try (ChunkStore.Session session = packs.session()) {
      for (int i = from; i < to; i++) {
        ids.add(put(session, i));
      }
      session.publish();
    }
    return ids;
  }

  private static Collector.Swept collect(Packs packs, Iterable<Digest> live) {
    try (Collector collector = packs.collector()) {
      live.forEach(collector::mark);
      collector.condemn(collector::mark);
      return collector.sweep(FAST);
    }
  }

  private long bytes() {
    return objects.objects().values().stream().mapToLong(object -> object.length).sum();
  }

  @Test
  void whatIsNotMarkedGoesAndItsBytesComeBack() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> live = store(packs, 0, 10);
      List<Digest> garbage = store(packs, 10, 40);
      long before = bytes();

      Collector.Swept swept = collect(packs, live);

      assertThat(swept.deleted()).isEqualTo(1);
      assertThat(before - bytes()).isEqualTo(swept.freed()).isGreaterThan(30 * 3000);
      assertThat(live).allMatch(id -> Digest.of(packs.read(id)).equals(id));
      assertThat(garbage).noneMatch(packs::contains);
    }
  }

  @Test
  void aPackThatIsMostlyDeadIsRewritten() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> all = store(packs, 0, 40);

      Collector.Swept swept = collect(packs, all.subList(0, 5));

      assertThat(swept.rewritten()).isEqualTo(1);
      assertThat(bytes()).isLessThan(6 * 3000);
      assertThat(all.subList(0, 5)).allMatch(id -> Digest.of(packs.read(id)).equals(id));
      assertThat(all.subList(5, 40)).noneMatch(packs::contains);
    }
  }

  @Test
  void closingWithoutSweepingChangesNothing() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> all = store(packs, 0, 10);
      try (Collector collector = packs.collector()) {
        collector.condemn(collector::mark);
        assertThat(collector.plan().deleted()).isEqualTo(1);
      }

      assertThat(all).allMatch(packs::contains).allMatch(packs::reuse);
    }
  }

  /// What one writer reused before it was condemned, another one names while the collector still
  /// looks for what is held.
  @Test
  void whoNamesAChunkThatIsAboutToBeSparedWaitsForTheOutcome() throws InterruptedException {
    try (Packs packs = new Packs(objects, folder)) {
      byte[] node = Noise.bytes(1, 3000);
      Digest id;
      try (ChunkStore.Session session = packs.session()) {
        id = session.put(Role.TREE, node, 0, node.length);
        session.publish();
      }
      AtomicReference<Boolean> named = new AtomicReference<>();
      try (Collector collector = packs.collector();
          ChunkStore.Session first = packs.session();
          ChunkStore.Session second = packs.session()) {
        assertThat(first.reuse(id)).isTrue();
        Thread other = new Thread(() -> named.set(second.reuse(id)));

        collector.condemn(reached -> {
          other.start();
          while (other.getState() != Thread.State.TIMED_WAITING
              && other.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
          }
          assertThat(collector.mark(reached)).isPositive();
        });
        other.join();
        Collector.Swept _ = collector.sweep(FAST);
      }

      assertThat(named.get()).isTrue();
      assertThat(packs.read(id)).isEqualTo(node);
    }
  }

  @Test
  void packsOfWhoeverIsAtWorkStayUntilHeIsDone() {
    try (Packs packs = new Packs(objects, folder)) {
      Digest id;
      try (ChunkStore.Session session = packs.session()) {
        id = put(session, 1);
        session.publish();
        collect(packs, List.of());
        assertThat(packs.read(id)).hasSize(3000);
      }

      collect(packs, List.of());
      assertThat(packs.contains(id)).isFalse();
    }
  }

  @Test
  void aHoldOutlivesTheSession() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> ids;
      try (ChunkStore.Hold _ = packs.hold()) {
        ids = store(packs, 0, 3);
        collect(packs, List.of());
        assertThat(ids).allMatch(packs::contains);
      }

      collect(packs, List.of());
      assertThat(ids).noneMatch(packs::contains);
    }
  }

  @Test
  void aChunkReusedBeforeItIsCondemnedIsKept() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> garbage = store(packs, 0, 10);
      try (ChunkStore.Session writer = packs.session()) {
        put(writer, 3);

        collect(packs, List.of());

        writer.publish();
        assertThat(packs.read(garbage.get(3))).hasSize(3000);
        assertThat(writer.newBytes()).isZero();
        assertThat(garbage.stream().filter(packs::contains)).hasSize(1);
      }
    }
  }

  @Test
  void aChunkReusedAfterItIsCondemnedIsStoredAgain() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> garbage = store(packs, 0, 10);
      try (ChunkStore.Session writer = packs.session();
          Collector collector = packs.collector()) {
        collector.condemn(collector::mark);
        put(writer, 3);
        writer.publish();
        assertThat(writer.newBytes()).isEqualTo(3000);
        assertThat(packs.reuse(garbage.get(3))).isTrue();
        assertThat(packs.reuse(garbage.get(4))).isFalse();

        collector.sweep(FAST);
      }

      assertThat(packs.read(garbage.get(3))).hasSize(3000);
      assertThat(packs.contains(garbage.get(4))).isFalse();
    }
  }

  @Test
  void aReusedTreeChunkIsKeptWithWhatItNames() {
    try (Packs packs = new Packs(objects, folder)) {
      byte[] node = Noise.bytes(99, 500);
      Digest below = store(packs, 5, 6).getFirst();
      try (ChunkStore.Session first = packs.session()) {
        first.put(Role.TREE, node, 0, node.length);
        first.publish();
      }
      try (ChunkStore.Session writer = packs.session();
          Collector collector = packs.collector()) {
        assertThat(writer.reuse(Digest.of(node))).isTrue();
        collector.condemn(id -> {
          collector.mark(id);
          collector.mark(below);
        });
        collector.sweep(FAST);
      }

      assertThat(packs.contains(below)).isTrue();
      assertThat(packs.contains(Digest.of(node))).isTrue();
    }
  }

  @Test
  void markingWhatIsNowhereIsRefused() {
    try (Packs packs = new Packs(objects, folder);
        Collector collector = packs.collector()) {
      assertThatThrownBy(() -> collector.mark(Digest.of(new byte[] {1})))
          .isInstanceOfSatisfying(
              DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Corrupt.class));
    }
  }

  @Test
  void ofTwoCopiesOneGoes(@TempDir Path elsewhere) {
    MemoryObjectStore more = new MemoryObjectStore();
    List<Digest> ids;
    try (Packs other = new Packs(more, elsewhere)) {
      ids = store(other, 0, 5);
    }
    try (Packs first = new Packs(objects, folder)) {
      store(first, 0, 5);
    }
    objects.objects().putAll(more.objects());
    try (Packs packs = new Packs(objects, folder)) {
      collect(packs, ids);

      assertThat(objects.objects()).hasSize(1);
      assertThat(ids).allMatch(id -> Digest.of(packs.read(id)).equals(id));
    }
  }

  @Test
  void aWriterBetweenCondemningAndSweepingStoresTheChunkAgain() throws InterruptedException {
    try (Packs packs = new Packs(objects, folder)) {
      Digest garbage = store(packs, 0, 1).getFirst();
      CountDownLatch condemned = new CountDownLatch(1);
      CountDownLatch wrote = new CountDownLatch(1);
      AtomicReference<Long> stored = new AtomicReference<>(0L);
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try (ChunkStore.Session session = packs.session()) {
                  assertThat(condemned.await(10, TimeUnit.SECONDS)).isTrue();
                  put(session, 0);
                  session.publish();
                  stored.set(session.newBytes());
                  wrote.countDown();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      try (Collector collector = packs.collector()) {
        collector.condemn(collector::mark);
        condemned.countDown();
        assertThat(wrote.await(10, TimeUnit.SECONDS)).isTrue();
        collector.sweep(FAST);
      }
      writer.join();

      assertThat(stored.get()).isEqualTo(3000);
      assertThat(packs.read(garbage)).hasSize(3000);
    }
  }

  @Test
  void writersAndCollectionsSideBySideNeverLoseAChunkThatIsNamed() throws InterruptedException {
    try (Packs packs = new Packs(objects, folder)) {
      Set<Digest> named = java.util.concurrent.ConcurrentHashMap.newKeySet();
      List<Thread> writers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        Random random = new Random(w);
        writers.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int round = 0; round < 60; round++) {
                    try (ChunkStore.Session session = packs.session()) {
                      List<Digest> mine = new ArrayList<>();
                      for (int i = 0; i < 5; i++) {
                        mine.add(put(session, random.nextInt(40)));
                      }
                      session.publish();
                      // The transaction: from here on they are named, and sometimes no more.
                      named.addAll(mine);
                      for (Digest id : mine) {
                        assertThat(packs.read(id)).hasSize(3000);
                      }
                    }
                  }
                }));
      }
      while (writers.stream().anyMatch(Thread::isAlive)) {
        collect(packs, new HashSet<>(named));
        packs.mergeSmall(FAST);
      }
      for (Thread writer : writers) {
        writer.join();
      }

      assertThat(named).allMatch(id -> Digest.of(packs.read(id)).equals(id));
    }
  }

  @Test
  void aCrashAtAnyChangeOfTheStoreLosesNothingThatIsNeeded(@TempDir Path other) {
    MomentsStore moments = new MomentsStore(objects);
    List<Digest> live = new ArrayList<>();
    try (Packs packs = new Packs(moments, folder)) {
      for (int i = 0; i < 10; i++) {
        List<Digest> some = store(packs, 10 * i, 10 * i + 10);
        live.addAll(some.subList(0, i % 4));
      }
      moments.moments().clear();
      collect(packs, live);
    }

    assertThat(moments.moments()).hasSizeGreaterThan(5);
    int number = 0;
    for (MemoryObjectStore moment : moments.moments()) {
      try (Packs again = new Packs(moment, other.resolve("index" + number++))) {
        assertThat(live).allMatch(id -> Digest.of(again.read(id)).equals(id));
      }
    }
  }
}
