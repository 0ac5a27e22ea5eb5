package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore.Role;
import dev.dassie.fault.DassieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChunkIndexTest {
  @TempDir Path folder;
  private final Random random = new Random(11);

  private PackContents pack(int chunks) {
    PackId id = PackId.random(random.nextBoolean() ? Role.DATA : Role.TREE, random);
    List<PackContents.Located> located = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      Block.Codec codec = random.nextBoolean() ? Block.Codec.RAW : Block.Codec.ZSTD;
      Block block = new Block(codec, 0, random.nextInt(1 << 26), random.nextInt(1 << 20), 1 << 20);
      located.add(
          new PackContents.Located(
              digest(), new Place(id, block, random.nextInt(65_536), random.nextInt(1 << 20))));
    }
    return new PackContents(id, located);
  }

  private Digest digest() {
    return new Digest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static void assertFound(ChunkIndex index, PackContents pack) {
    for (PackContents.Located chunk : pack.chunks()) {
      assertThat(index.find(chunk.id())).contains(chunk.place());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void everyChunkIsFoundInMemoryInSegmentsAndAfterReopening() {
    List<PackContents> packs = new ArrayList<>();
    try (ChunkIndex index = new ChunkIndex(folder)) {
      for (int i = 0; i < 12; i++) {
        packs.add(pack(20_000));
        index.add(packs.getLast());
      }
      packs.forEach(pack -> assertFound(index, pack));
      assertThat(index.find(digest())).isEmpty();
    }

    try (ChunkIndex again = new ChunkIndex(folder)) {
      packs.forEach(pack -> assertFound(again, pack));
      assertThat(again.packs())
          .containsExactlyInAnyOrderElementsOf(packs.stream().map(PackContents::pack).toList());
      assertThat(again.find(digest())).isEmpty();
    }
  }

  @Test
  void manySmallSegmentsAreMerged() throws IOException {
    List<PackContents> packs = new ArrayList<>();
    try (ChunkIndex index = new ChunkIndex(folder)) {
      for (int i = 0; i < 9; i++) {
        packs.add(pack(ChunkIndex.FLUSH_CHUNKS));
        index.add(packs.getLast());
        packs.forEach(pack -> assertThat(index.find(pack.chunks().getFirst().id())).isPresent());
      }
    }

    assertThat(files().size()).isLessThan(9);
    try (ChunkIndex again = new ChunkIndex(folder)) {
      packs.forEach(pack -> assertFound(again, pack));
    }
  }

  @Test
  void digestsThatCrowdTogetherAreFound() {
    PackId id = PackId.random(Role.DATA, random);
    Block block = new Block(Block.Codec.RAW, 0, 16, 100, 100);
    List<PackContents.Located> chunks = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      long word =
          switch (i % 4) {
            case 0 -> 0L;
            case 1 -> -1L;
            case 2 -> 5L;
            default -> random.nextLong(100);
          };
      chunks.add(
          new PackContents.Located(
              new Digest(word, i, 0, random.nextLong()), new Place(id, block, 0, i)));
    }
    PackContents pack = new PackContents(id, chunks);
    try (ChunkIndex index = new ChunkIndex(folder)) {
      index.add(pack);
    }

    try (ChunkIndex again = new ChunkIndex(folder)) {
      assertFound(again, pack);
      assertThat(again.find(new Digest(5, -1, 0, 0))).isEmpty();
      assertThat(again.find(new Digest(-1, -1, -1, -1))).isEmpty();
      assertThat(again.find(new Digest(0, 0, 0, 0))).isEmpty();
    }
  }

  @Test
  void aChunkInTwoPacksIsFoundWhenOnePackIsGone() {
    PackContents first = pack(100);
    PackId other = PackId.random(Role.DATA, random);
    PackContents second =
        new PackContents(
            other,
            first.chunks().stream()
                .map(chunk ->
                    new PackContents.Located(
                        chunk.id(),
                        new Place(other, chunk.place().block(), 0, chunk.place().length())))
                .toList());
    try (ChunkIndex index = new ChunkIndex(folder)) {
      index.add(first);
      index.add(second);
    }

    try (ChunkIndex again = new ChunkIndex(folder)) {
      again.forget(Set.of(first.pack()));
      assertFound(again, second);
    }
    try (ChunkIndex third = new ChunkIndex(folder)) {
      third.forget(Set.of(first.pack(), second.pack()));
      assertThat(third.find(first.chunks().getFirst().id())).isEmpty();
    }
  }

  @Test
  void aDamagedSegmentIsDroppedAndItsPacksAreNotCovered() throws IOException {
    try (ChunkIndex index = new ChunkIndex(folder)) {
      index.add(pack(1000));
    }
    byte[] whole = Files.readAllBytes(files().getFirst());
    for (int at : new int[] {0, 9, 20, 30_000, whole.length - 30, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(folder.resolve("00000000000000aa.segment"), damaged);
      assertThatThrownBy(() -> IndexSegment.open(folder.resolve("00000000000000aa.segment")))
          .isInstanceOf(DassieException.class);
    }
    for (Path file : files()) {
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    }
    Files.write(folder.resolve("00000000000000ab.segment"), new byte[0]);

    try (ChunkIndex again = new ChunkIndex(folder)) {
      assertThat(again.packs()).isEmpty();
      assertThat(again.shape()).isEqualTo("0 segments, 0 recent");
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void mergingDropsDeadPacksAndRecordsThatComeTwice() throws IOException {
    PackContents kept = pack(500);
    PackContents dead = pack(500);
    Path first = folder.resolve("1");
    for (String name : List.of("1", "2")) {
      try (SegmentWriter out = new SegmentWriter(folder, name)) {
        List<PackContents.Located> all =
            Stream.of(kept, dead)
                .flatMap(pack -> pack.chunks().stream())
                .sorted(java.util.Comparator.comparing(PackContents.Located::id))
                .toList();
        for (PackContents.Located chunk : all) {
          out.add(chunk.id(), chunk.place());
        }
        out.publish();
      }
    }
    IndexSegment segment = IndexSegment.open(first);

    new SegmentMerge(List.of(segment, IndexSegment.open(folder.resolve("2"))), Set.of(dead.pack()))
        .write(folder, "3");

    IndexSegment merged = IndexSegment.open(folder.resolve("3"));
    assertThat(merged.count()).isEqualTo(500);
    assertThat(merged.packs()).containsExactly(kept.pack());
    for (PackContents.Located chunk : kept.chunks()) {
      assertThat(merged.find(chunk.id(), Set.of())).contains(chunk.place());
    }
  }
}
