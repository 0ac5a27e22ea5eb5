package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// Packs for tests of other rooms: with seeded names, and looked at from behind.
public final class PackAudit {
  private PackAudit() {}

  /// Packs whose names come from `names`.
  public static Packs open(ObjectStore objects, Path indexFolder, RandomGenerator names) {
    return new Packs(objects, indexFolder, names);
  }

  /// Packs whose index flushes after few packs, and merges while its caller waits: what a seed does
  /// depends on no other thread.
  public static Packs openSmall(ObjectStore objects, Path indexFolder, RandomGenerator names) {
    return new Packs(objects, names, new ChunkIndex(indexFolder, 3, Runnable::run));
  }

  /// Every chunk of every pack is found through the index, with its bytes.
  public static void assertIndexAgrees(ObjectStore objects, Packs packs) {
    assertThat(packs.damaged()).isEmpty();
    try (BlockCodec codec = new BlockCodec()) {
      PackReader reader = new PackReader(objects, codec, new BlockCache(0));
      for (String key : objects.list("packs/", "", Integer.MAX_VALUE)) {
        PackId pack = PackId.parse(key).orElseThrow();
        for (PackContents.Located chunk : reader.contents(pack).chunks()) {
          assertThat(packs.contains(chunk.id())).as("%s in %s", chunk.id(), key).isTrue();
          assertThat(Digest.of(packs.read(chunk.id()))).isEqualTo(chunk.id());
        }
      }
    }
  }
}
