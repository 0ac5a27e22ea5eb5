package dev.dassie.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadCacheTest {
  private static final int BLOCK = ReadCache.BLOCK;

  @TempDir Path folder;

  private ReadCache open(int blocks) {
    return new ReadCache(folder, "s3://bucket/", (long) blocks * BLOCK);
  }

  private static byte[] block(String key, int number, int length) {
    byte[] bytes = new byte[length];
    new Random(key.hashCode() * 1000L + number).nextBytes(bytes);
    return bytes;
  }

  private static void put(ReadCache cache, String key, int number) {
    cache.put(key, number, ByteBuffer.wrap(block(key, number, BLOCK)));
  }

  private static boolean holds(ReadCache cache, String key, int number) {
    Optional<ByteBuffer> found = cache.get(key, number);
    found.ifPresent(bytes ->
        assertThat(bytes).isEqualTo(ByteBuffer.wrap(block(key, number, bytes.remaining()))));
    return found.isPresent();
  }

  @Test
  void theBlockThatWasNotUsedForTheLongestTimeMakesRoom() {
    try (ReadCache cache = open(3)) {
      put(cache, "a", 0);
      put(cache, "a", 1);
      put(cache, "b", 0);
      assertThat(holds(cache, "a", 0)).isTrue();

      put(cache, "c", 0);

      assertThat(holds(cache, "a", 1)).isFalse();
      assertThat(holds(cache, "a", 0) && holds(cache, "b", 0) && holds(cache, "c", 0)).isTrue();
    }
  }

  @Test
  void theDiskIsUsedNoMoreThanTheLimitSays() throws IOException {
    try (ReadCache cache = open(4)) {
      for (int i = 0; i < 50; i++) {
        put(cache, "a", i);
      }
    }

    assertThat(Files.size(folder.resolve("blocks"))).isLessThanOrEqualTo(4L * BLOCK);
  }

  @Test
  void whatIsThereSurvivesARestartAndASmallerLimit() throws IOException {
    try (ReadCache cache = open(8)) {
      for (int i = 0; i < 8; i++) {
        put(cache, "a", i);
      }
    }

    try (ReadCache cache = open(8)) {
      for (int i = 0; i < 8; i++) {
        assertThat(holds(cache, "a", i)).isTrue();
      }
    }
    try (ReadCache cache = open(2)) {
      assertThat(holds(cache, "a", 7)).isFalse();
      assertThat(holds(cache, "a", 0)).isTrue();
    }
    assertThat(Files.size(folder.resolve("blocks"))).isLessThanOrEqualTo(2L * BLOCK);
  }

  @Test
  void blocksOfAnotherStoreAndForgottenOnesAreNotFound() {
    try (ReadCache cache = open(8)) {
      put(cache, "a", 0);
      put(cache, "b", 0);
      put(cache, "b", 3);
      cache.forget("b");
      assertThat(holds(cache, "b", 0) || holds(cache, "b", 3)).isFalse();
    }

    try (ReadCache other = new ReadCache(folder, "s3://other/", 8L * BLOCK)) {
      assertThat(holds(other, "a", 0)).isFalse();
    }
    try (ReadCache cache = open(8)) {
      assertThat(holds(cache, "a", 0)).isTrue();
      assertThat(holds(cache, "b", 0) || holds(cache, "b", 3)).isFalse();
    }
  }

  @Test
  void noFlippedBitOrLostEndEverGivesWrongBytes() throws IOException {
    try (ReadCache cache = open(8)) {
      for (int i = 0; i < 8; i++) {
        put(cache, "a", i);
      }
    }
    Random random = new Random(3);
    int lost = 0;
    for (int round = 0; round < 40; round++) {
      Path file = folder.resolve(round % 2 == 0 ? "blocks" : "slots");
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        if (bytes.length() == 0) {
          break;
        }
        bytes.seek(random.nextLong(bytes.length()));
        int old = bytes.read();
        bytes.seek(bytes.getFilePointer() - 1);
        bytes.write(old ^ (1 << random.nextInt(8)));
        if (round == 30) {
          bytes.setLength(bytes.length() * 2 / 3);
        }
      }

      try (ReadCache cache = open(8)) {
        for (int i = 0; i < 8; i++) {
          if (!holds(cache, "a", i)) {
            lost++;
            put(cache, "a", i);
          }
        }
      }
    }

    assertThat(lost).isGreaterThan(20);
  }

  @Test
  void manyThreadsOnFewSlotsSeeTheirOwnBytesOrNone() throws Exception {
    try (ReadCache cache = open(3);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(t);
        tasks.add(
            threads.submit(() -> {
              for (int i = 0; i < 100; i++) {
                int number = random.nextInt(6);
                if (!holds(cache, "a", number)) {
                  put(cache, "a", number);
                }
              }
            }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
  }

  @Test
  void anInterruptedReaderDoesNotCloseTheCacheForOthers() throws Exception {
    try (ReadCache cache = open(3)) {
      put(cache, "a", 0);
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                Thread.currentThread().interrupt();
                cache.get("a", 0);
              });
      reader.join();

      put(cache, "a", 1);

      assertThat(holds(cache, "a", 1)).isTrue();
    }
  }
}
