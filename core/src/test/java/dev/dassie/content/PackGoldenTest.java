package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkStore.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packs of format 1 in files that never change: today's code reads them, and writes the same
/// bytes.
final class PackGoldenTest {
  private static final String KEY = "packs/data/00/000102030405060708090a0b0c0d0e0f.pack";
  @TempDir Path folder;

  /// Chunks that share a block, the empty one among them; then one in a block of its own.
  private static List<byte[]> incompressible() {
    List<byte[]> chunks = new ArrayList<>();
    for (int size : new int[] {1, 0, 50, 1000, 3}) {
      chunks.add(Noise.bytes(size, size));
    }
    chunks.add(Noise.bytes(9, 65_537));
    chunks.add(Noise.bytes(10, 20));
    return chunks;
  }

  private static List<byte[]> compressible() {
    List<byte[]> chunks = new ArrayList<>();
    chunks.add(new byte[40_000]);
    chunks.add(
        "a line of text\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    chunks.add(new byte[300_000]);
    return chunks;
  }

  static byte[] written(List<byte[]> chunks) {
    MemoryObjectStore objects = new MemoryObjectStore();
    try (BlockCodec codec = new BlockCodec();
        PackWriter writer = new PackWriter(objects, codec, Role.DATA, 1 << 20)) {
      for (byte[] chunk : chunks) {
        Digest id = Digest.of(chunk);
        if (chunk.length > PackFormat.SHARED_BLOCK) {
          writer.addLarge(id, codec.encode(chunk, 0, chunk.length), chunk.length);
        } else {
          writer.addSmall(id, chunk, 0, chunk.length);
        }
      }
      writer.publish(PackId.parse(KEY).orElseThrow());
    }
    return Objects.requireNonNull(objects.objects().get(KEY));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PackGoldenTest.class.getResourceAsStream("/golden/" + name))) {
      return in.readAllBytes();
    }
  }

  private void assertRead(String name, List<byte[]> chunks) throws IOException {
    MemoryObjectStore objects = new MemoryObjectStore();
    objects.objects().put(KEY, resource(name));
    try (Packs packs = new Packs(objects, folder.resolve(name))) {
      for (byte[] chunk : chunks) {
        assertThat(packs.read(Digest.of(chunk))).isEqualTo(chunk);
      }
    }
  }

  @Test
  void goldenPacksAreRead() throws IOException {
    assertRead("pack-1-raw.pack", incompressible());
    assertRead("pack-1-zstd.pack", compressible());
  }

  @Test
  void rawBlocksAreWrittenAsTheGoldenPackHasThem() throws IOException {
    assertThat(written(incompressible())).isEqualTo(resource("pack-1-raw.pack"));
  }

  /// Another release of zstd may write other bytes, never longer by much, that decode to the same.
  @Test
  void compressedBlocksAreSmall() {
    assertThat(written(compressible()).length).isLessThan(1000);
  }
}
