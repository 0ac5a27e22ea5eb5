package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkStore.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackMergeTest {
  private static final Pace FAST = new Pace(Pace.UNBOUNDED);

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();

  private static Digest store(Packs packs, int seed, int length) {
    byte[] bytes = Noise.bytes(seed, length);
    try (ChunkStore.Session session = packs.session()) {
      Digest id = session.put(Role.TREE, bytes, 0, bytes.length);
      session.publish();
      return id;
    }
  }

  private static List<Digest> store(Packs packs, int count) {
    List<Digest> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(store(packs, i, 3000));
    }
    return ids;
  }

  @Test
  void manySmallPacksBecomeOneAndEveryChunkStays() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> ids = store(packs, 100);

      Packs.Merged merged = packs.mergeSmall(FAST);

      assertThat(merged.before()).isEqualTo(100);
      assertThat(merged.after()).isEqualTo(1);
      assertThat(objects.objects()).hasSize(1);
      assertThat(ids).allMatch(id -> Digest.of(packs.read(id)).equals(id));
    }
  }

  @Test
  void aMergeIsKnownAfterReopeningWithAndWithoutTheIndex(@TempDir Path other) {
    List<Digest> ids;
    try (Packs packs = new Packs(objects, folder)) {
      ids = store(packs, 40);
      packs.mergeSmall(FAST);
    }

    for (Path index : List.of(folder, other)) {
      try (Packs again = new Packs(objects, index)) {
        assertThat(ids).allMatch(id -> Digest.of(again.read(id)).equals(id));
      }
    }
  }

  @Test
  void fewPacksStayAsTheyAre() {
    try (Packs packs = new Packs(objects, folder)) {
      store(packs, PackMerge.GROUP - 1);

      assertThat(packs.mergeSmall(FAST).before()).isZero();
      assertThat(objects.objects()).hasSize(PackMerge.GROUP - 1);
    }
  }

  @Test
  void theNumberOfPacksAndTheBytesMovedStayInProportion() {
    int commits = 2_000;
    long moved = 0;
    try (Packs packs = new Packs(objects, folder)) {
      for (int i = 0; i < commits; i++) {
        store(packs, i, 5_000);
        if (i % 16 == 15) {
          moved += packs.mergeSmall(FAST).bytes();
        }
      }

      assertThat(objects.objects().size()).isLessThan(4 * PackMerge.GROUP);
      assertThat(moved).isLessThan(5L * commits * 5_100);
    }
  }

  @Test
  void aDamagedPackStaysWhereItIs() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> ids = store(packs, 20);
      String damaged = objects.objects().keySet().iterator().next();
      objects.objects().get(damaged)[100] ^= 1;

      packs.mergeSmall(FAST);

      assertThat(objects.objects()).hasSize(2).containsKey(damaged);
      assertThat(ids.stream().filter(packs::contains)).hasSize(20);
    }
  }

  @Test
  void aReaderThatKnowsTheOldPlaceFindsTheNewOne() {
    try (Packs packs = new Packs(objects, folder)) {
      List<Digest> ids = store(packs, 20);
      List<Place> old = ids.stream().map(id -> packs.index().find(id).orElseThrow()).toList();
      packs.mergeSmall(FAST);

      assertThat(old).noneMatch(place -> objects.objects().containsKey(place.pack().key()));
      assertThat(ids).allMatch(id -> Digest.of(packs.read(id)).equals(id));
      assertThat(packs.index().dead()).isEqualTo(Set.of());
    }
  }

  @Test
  void aCrashAtAnyChangeOfTheStoreLosesNothing(@TempDir Path other) {
    List<Digest> ids;
    MomentsStore moments = new MomentsStore(objects);
    try (Packs packs = new Packs(moments, folder)) {
      ids = store(packs, 20);
      moments.moments().clear();
      packs.mergeSmall(FAST);
    }

    assertThat(moments.moments()).hasSizeGreaterThan(20);
    int number = 0;
    for (MemoryObjectStore moment : moments.moments()) {
      try (Packs again = new Packs(moment, other.resolve("index" + number++))) {
        assertThat(ids).allMatch(id -> Digest.of(again.read(id)).equals(id));
      }
    }
  }
}
