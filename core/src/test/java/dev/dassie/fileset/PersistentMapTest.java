package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.PersistentMap.Change;
import dev.dassie.fileset.PersistentMap.Root;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {
  private final CountingChunks chunks = new CountingChunks();
  private final ChunkStore.Session session = chunks.session();
  private final PersistentMap maps = new PersistentMap(chunks);

  @Test
  void anEmptyMapHasNoRows() {
    assertThat(maps.get(Root.EMPTY, key("a"))).isEmpty();
    assertThat(maps.scan(Root.EMPTY, key(""))).isExhausted();
    assertThat(apply(Root.EMPTY, new Change.Delete(key("a")))).isEqualTo(Root.EMPTY);
  }

  @Test
  void whatWasPutIsRead() {
    Root root = apply(Root.EMPTY, put("a", "1"), put("b", "2"));

    assertThat(root.count()).isEqualTo(2);
    assertThat(maps.get(root, key("b"))).hasValue(key("2"));
    assertThat(maps.get(root, key("c"))).isEmpty();
  }

  @Test
  void deletingAllRowsGivesTheEmptyMap() {
    Root root = bulk(rows(5_000));

    Root none = apply(root, new Change.DeleteRange(key("k"), key("l")));

    assertThat(none).isEqualTo(Root.EMPTY);
  }

  @Test
  void everyOrderOfEditsGivesTheSameRoot() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      NavigableMap<String, String> rows = rows(200 + random.nextInt(4_000));
      Root expected = bulk(rows);
      List<String> keys = new ArrayList<>(rows.keySet());
      Collections.shuffle(keys, random);
      Root root = Root.EMPTY;
      for (int from = 0; from < keys.size(); ) {
        int to = Math.min(keys.size(), from + 1 + random.nextInt(400));
        TreeMap<String, Change> batch = new TreeMap<>();
        for (String key : keys.subList(from, to)) {
          batch.put(key, put(key, rows.get(key)));
        }
        for (int i = 0; i < 20; i++) {
          String stray = "k" + random.nextInt(10_000) + "stray";
          batch.putIfAbsent(stray, put(stray, "stray"));
        }
        root = maps.apply(root, batch.values().iterator(), session);
        TreeMap<String, Change> back = new TreeMap<>();
        batch.keySet().stream()
            .filter(key -> !rows.containsKey(key))
            .forEach(key -> back.put(key, new Change.Delete(key(key))));
        root = maps.apply(root, back.values().iterator(), session);
        from = to;
      }
      assertThat(root).as("seed %s", seed).isEqualTo(expected);
    }
  }

  @Test
  void randomEditsBehaveAsATreeMap() {
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      TreeMap<String, String> model = new TreeMap<>();
      Root root = Root.EMPTY;
      for (int round = 0; round < 30; round++) {
        TreeMap<String, Change> batch = new TreeMap<>();
        if (random.nextInt(3) == 0) {
          String from = name(random);
          String to = from + random.nextInt(10);
          batch.put(from, new Change.DeleteRange(key(from), key(to)));
          model.subMap(from, to).clear();
        }
        int edits = random.nextInt(random.nextInt(10) == 0 ? 6_000 : 30);
        for (int i = 0; i < edits; i++) {
          String key = name(random);
          if (!batch.containsKey(key)) {
            if (random.nextInt(3) == 0) {
              batch.put(key, new Change.Delete(key(key)));
              model.remove(key);
            } else {
              String value = "v".repeat(random.nextInt(random.nextInt(50) == 0 ? 30_000 : 60));
              batch.put(key, put(key, value));
              model.put(key, value);
            }
          }
        }
        root = maps.apply(root, batch.values().iterator(), session);
        assertThat(root).as("seed %s round %s", seed, round).isEqualTo(bulk(model));
        assertThat(strings(maps.scan(root, key("")))).isEqualTo(model);
        String from = name(random);
        assertThat(strings(maps.scan(root, key(from)))).isEqualTo(model.tailMap(from));
      }
    }
  }

  @Test
  void applyingTheDifferenceGivesTheOther() {
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      NavigableMap<String, String> rows = rows(1 + random.nextInt(5_000));
      Root old = bulk(rows);
      int edits = 1 + random.nextInt(200);
      for (int i = 0; i < edits; i++) {
        String key = "k" + random.nextInt(10_000);
        if (random.nextBoolean()) {
          rows.remove(key);
        } else {
          rows.put(key, "new" + i);
        }
      }
      Root now = bulk(rows);

      List<Change> changes = new ArrayList<>();
      maps.diff(old, now)
          .forEachRemaining(delta ->
              changes.add(
                  delta.now().isPresent()
                      ? new Change.Put(delta.key(), delta.now().get())
                      : new Change.Delete(delta.key())));

      assertThat(maps.apply(old, changes.iterator(), session)).isEqualTo(now);
      assertThat(changes).hasSizeLessThanOrEqualTo(edits);
    }
  }

  @Test
  void oneEditWritesAndReadsAsManyNodesInALargeMapAsInASmallOne() {
    Map<Integer, Long> writes = new HashMap<>();
    for (int size : new int[] {1_000, 10_000, 100_000}) {
      Root root = bulk(rows(size));
      chunks.reset();
      for (int i = 0; i < 20; i++) {
        Root edited = apply(root, put("k" + i * 37, "changed" + i));
        PersistentMap fresh = new PersistentMap(chunks);
        assertThat(fresh.diff(root, edited)).toIterable().hasSize(1);
      }
      writes.put(size, chunks.treeWrites());
      assertThat(chunks.treeWrites()).isLessThanOrEqualTo(20 * 4);
      assertThat(chunks.treeBytes()).isLessThan(20 * 60_000L);
      assertThat(chunks.reads()).isLessThan(20 * 20L);
    }
    assertThat(writes.get(100_000)).isLessThanOrEqualTo(writes.get(1_000) + 20 * 2);
  }

  @Test
  void deletingARangeOfALargeMapReadsFewNodes() {
    Root root = bulk(rows(100_000));
    chunks.reset();

    Root cut = apply(root, new Change.DeleteRange(key("k2"), key("k8")));

    assertThat(cut.count()).isLessThan(50_000);
    assertThat(chunks.reads()).isLessThan(20);
    assertThat(chunks.treeWrites()).isLessThan(10);
  }

  @Test
  void nodesAreOfTheTargetSize() {
    Root root = bulk(rows(100_000));
    chunks.reset();
    maps.scan(root, key("")).forEachRemaining(row -> {});

    long bytes =
        rows(100_000).entrySet().stream()
            .mapToLong(row -> row.getKey().length() + row.getValue().length() + 4)
            .sum();
    assertThat(bytes / chunks.reads()).isBetween(13_000L, 21_000L);
  }

  @Test
  void editsThatChangeNothingWriteNothing() {
    Root root = bulk(rows(10_000));
    chunks.reset();

    Root same = apply(root, put("k77", "value-77-of-some-length"), new Change.Delete(key("k7x")));

    assertThat(same).isEqualTo(root);
    assertThat(chunks.treeWrites()).isZero();
  }

  @Test
  void longKeysAndLargeValuesGiveATree() {
    TreeMap<String, String> rows = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      rows.put("%05d".formatted(i) + "x".repeat(12_000), "v".repeat(i % 7 == 0 ? 500_000 : 3));
    }

    Root root = bulk(rows);

    assertThat(strings(maps.scan(root, key("")))).isEqualTo(rows);
  }

  @Test
  void changesOutOfOrderAreRefused() {
    assertThatThrownBy(() -> apply(Root.EMPTY, put("b", "1"), put("a", "1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String name(Random random) {
    return Integer.toString(random.nextInt(5_000), 7);
  }

  private static NavigableMap<String, String> rows(int count) {
    TreeMap<String, String> rows = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      rows.put("k" + i, "value-" + i + "-of-some-length");
    }
    return rows;
  }

  private Root bulk(Map<String, String> rows) {
    Iterator<Change> puts =
        rows.entrySet().stream().map(row -> put(row.getKey(), row.getValue())).iterator();
    return maps.apply(Root.EMPTY, puts, session);
  }

  private Root apply(Root root, Change... changes) {
    return maps.apply(root, Arrays.asList(changes).iterator(), session);
  }

  private static Change put(String key, String value) {
    return new Change.Put(key(key), key(value));
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> strings(Iterator<PersistentMap.Row> rows) {
    TreeMap<String, String> strings = new TreeMap<>();
    rows.forEachRemaining(row ->
        strings.put(
            new String(row.key(), StandardCharsets.UTF_8),
            new String(row.value(), StandardCharsets.UTF_8)));
    return strings;
  }
}
