package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ObjectStore] does.
public abstract class ObjectStoreContract {
  private ObjectStore store;

  /// A new, empty store.
  protected abstract ObjectStore create();

  @BeforeEach
  void createStore() {
    store = create();
  }

  private void publish(String key, byte[] bytes) {
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(bytes));
      upload.publish(key);
    }
  }

  private byte[] read(String key, long offset, int length) {
    ByteBuffer buffer = store.read(key, offset, length);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static void assertRefused(Class<? extends Fault> fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(fault));
  }

  @Test
  void anObjectIsReadWholeAndInPart() {
    byte[] bytes = Noise.bytes(1, 300_000);
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(bytes, 0, 100));
      upload.write(ByteBuffer.wrap(bytes, 100, 200_000).slice());
      ByteBuffer direct = ByteBuffer.allocateDirect(99_900).put(bytes, 200_100, 99_900).flip();
      upload.write(direct);
      assertThat(upload.position()).isEqualTo(300_000);
      upload.publish("a/b/c-1.pack");
    }

    assertThat(store.size("a/b/c-1.pack")).isEqualTo(300_000);
    assertThat(read("a/b/c-1.pack", 0, 300_000)).isEqualTo(bytes);
    assertThat(read("a/b/c-1.pack", 299_999, 1)).containsExactly(bytes[299_999]);
    assertThat(read("a/b/c-1.pack", 5, 0)).isEmpty();
  }

  @Test
  void nothingIsVisibleBeforeItIsPublished() {
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(new byte[1000]));

      assertThat(store.list("", "", 10)).isEmpty();
    }

    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void secondPublishUnderAKeyIsRefusedAndChangesNothing() {
    publish("key", new byte[] {1});

    assertRefused(Fault.AlreadyExists.class, () -> publish("key", new byte[] {2, 2}));

    assertThat(read("key", 0, 1)).containsExactly(1);
    assertThat(store.size("key")).isEqualTo(1);
  }

  @Test
  void ofManyThatPublishOneKeyOneSucceeds() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        byte[] content = new byte[10_000];
        java.util.Arrays.fill(content, (byte) i);
        tasks.add(
            threads.submit(() -> {
              try {
                publish("many/one", content);
              } catch (DassieException e) {
                assertThat(e.fault()).isInstanceOf(Fault.AlreadyExists.class);
                refused.incrementAndGet();
              }
            }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }

    assertThat(refused).hasValue(15);
    byte[] bytes = read("many/one", 0, 10_000);
    assertThat(bytes).containsOnly(bytes[0]);
  }

  @Test
  void aMissingObjectIsNotFound() {
    publish("folder/object", new byte[1]);

    assertRefused(Fault.NotFound.class, () -> store.read("missing", 0, 1));
    assertRefused(Fault.NotFound.class, () -> store.size("missing"));
    assertRefused(Fault.NotFound.class, () -> store.read("folder", 0, 1));
    assertRefused(Fault.NotFound.class, () -> store.size("folder"));
  }

  @Test
  void readingBeyondTheEndIsCorruption() {
    publish("short", new byte[10]);

    assertRefused(Fault.Corrupt.class, () -> store.read("short", 5, 6));
    assertRefused(Fault.Corrupt.class, () -> store.read("short", 11, 1));
  }

  @Test
  void deletedObjectsAreGoneAndMayBeDeletedAgain() {
    publish("x/y", new byte[10]);

    store.delete("x/y");
    store.delete("x/y");
    store.delete("never/there");

    assertRefused(Fault.NotFound.class, () -> store.size("x/y"));
    assertThat(store.list("", "", 10)).isEmpty();
    publish("x/y", new byte[3]);
    assertThat(store.size("x/y")).isEqualTo(3);
  }

  @Test
  void keysAreListedInOrderByPrefixAndPage() {
    List<String> keys = new ArrayList<>();
    Random random = new Random(4);
    String[] parts = {"a", "a-b", "a.b", "ab", "b", "0", "z_1"};
    for (String first : parts) {
      for (String second : parts) {
        keys.add(first + "/" + second);
        keys.add(first + "/" + second + "." + random.nextInt(9));
        keys.add(first + "-f-" + second);
      }
    }
    for (String key : keys) {
      publish(key, new byte[1]);
    }
    keys.sort(Comparator.naturalOrder());

    for (String prefix : List.of("", "a", "a/", "a/a", "a/ab", "a-f-", "b/z_1", "no", "a/a.b.")) {
      List<String> expected = keys.stream().filter(key -> key.startsWith(prefix)).toList();
      for (int limit : new int[] {1, 4, 1000}) {
        List<String> listed = new ArrayList<>();
        List<String> page = store.list(prefix, "", limit);
        while (!page.isEmpty()) {
          assertThat(page.size()).isLessThanOrEqualTo(limit);
          listed.addAll(page);
          page = store.list(prefix, page.getLast(), limit);
        }
        assertThat(listed).as("prefix %s limit %s", prefix, limit).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", "../a", "a/../b", "a/.", ".a", "A", "ä", "a b", "a\u0000",
        "tmp/1", "a\\b", "-a"
      })
  void keysThatBreakTheRulesAreRefused(String key) {
    assertRefused(Fault.Invalid.class, () -> publish(key, new byte[1]));
    assertRefused(Fault.Invalid.class, () -> store.read(key, 0, 1));
    assertRefused(Fault.Invalid.class, () -> store.size(key));
    assertRefused(Fault.Invalid.class, () -> store.delete(key));
  }

  @Test
  void usageCountsObjectsAndBytesOfAPrefix() {
    publish("packs/a", new byte[10]);
    publish("packs/b", new byte[200]);
    publish("other", new byte[3000]);

    assertThat(store.usage("packs/")).isEqualTo(new ObjectStore.Usage(2, 210));
    assertThat(store.usage("none/")).isEqualTo(new ObjectStore.Usage(0, 0));
  }

  @Test
  void keysOf200CharactersAreTheLongest() {
    String longest = "a".repeat(100) + "/" + "b".repeat(99);
    publish(longest, new byte[1]);

    assertThat(store.list("", "", 10)).containsExactly(longest);
    assertRefused(Fault.Invalid.class, () -> publish(longest + "b", new byte[1]));
  }

  @Test
  void aPublishedUploadTakesNoMore() {
    try (ObjectStore.Upload upload = store.upload()) {
      upload.publish("empty");

      assertThat(store.size("empty")).isZero();
      assertThatThrownBy(() -> upload.write(ByteBuffer.wrap(new byte[1])))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> upload.publish("other")).isInstanceOf(IllegalStateException.class);
    }
  }
}
