package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Filesets against a plain map of paths.
final class FilesetModelTest {
  private static final String[] NAMES = {"a", "a-", "a.b", "a0", "b", "b!c", "c", "é", "z z", "😀"};

  private final Trees trees = new Trees();
  private final Map<FilePath, String> types = new TreeMap<>();

  @Test
  void randomEditsBehaveAsAMapOfPaths() {
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      TreeMap<FilePath, String> model = new TreeMap<>();
      types.clear();
      Fileset set = Filesets.EMPTY;
      for (int round = 0; round < 20; round++) {
        TreeMap<FilePath, String> before = new TreeMap<>(model);
        List<Edit> edits = new ArrayList<>();
        int count = random.nextInt(random.nextInt(8) == 0 ? 900 : 12);
        for (int i = 0; i < count; i++) {
          edits.add(edit(random, model, set, before));
        }
        Fileset old = set;
        set = trees.apply(set, edits.toArray(new Edit[0]));

        assertThat(trees.contents(set)).as("seed %s round %s", seed, round).isEqualTo(lines(model));
        assertThat(set).isEqualTo(fresh(model));
        assertThat(set.files()).isEqualTo(model.size());
        assertThat(set.size()).isEqualTo(model.values().stream().mapToLong(String::length).sum());
        assertThat(trees.diff(old, set, "")).isEqualTo(differences(before, model));
        assertThat(patched(old, set).content()).isEqualTo(set.content());
      }
    }
  }

  @Test
  void everyOrderOfPutsGivesTheSameFileset() {
    Random random = new Random(5);
    TreeMap<FilePath, String> model = new TreeMap<>();
    for (int i = 0; i < 3_000; i++) {
      model.put(
          FilePath.parse("d%d/e%d/f%d".formatted(i % 3, i % 41, random.nextInt(100_000))),
          "x".repeat(random.nextInt(300)));
    }
    Fileset expected = fresh(model);
    List<FilePath> paths = new ArrayList<>(model.keySet());
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(paths, random);
      Fileset set = Filesets.EMPTY;
      for (int from = 0; from < paths.size(); from += 250) {
        set =
            trees.apply(
                set,
                paths.subList(from, Math.min(paths.size(), from + 250)).stream()
                    .map(path -> trees.put(path.value(), model.get(path)))
                    .toArray(Edit[]::new));
      }
      assertThat(set).isEqualTo(expected);
    }
  }

  /// An edit that cannot clash, done to the model too.
  private Edit edit(
      Random random, Map<FilePath, String> model, Fileset set, Map<FilePath, String> before) {
    while (true) {
      FilePath path = path(random);
      int kind = random.nextInt(10);
      if (kind < 3) {
        model.keySet().removeIf(file -> file.isWithin(path));
        types.keySet().removeIf(file -> file.isWithin(path));
        return new Edit.Delete(path);
      }
      boolean below =
          model.keySet().stream().anyMatch(file -> file.isWithin(path) && !file.equals(path));
      boolean above =
          model.keySet().stream().anyMatch(file -> path.isWithin(file) && !path.equals(file));
      if (kind < 4 && !above) {
        FilePath from = path(random);
        Optional<Entry> directory = trees.files.find(set, from);
        if (directory.isPresent() && directory.get() instanceof Entry.Directory found) {
          model.keySet().removeIf(file -> file.isWithin(path));
          types.keySet().removeIf(file -> file.isWithin(path));
          before.forEach((file, content) -> {
            if (file.isWithin(from)) {
              model.put(path.child(file.value().substring(from.value().length() + 1)), content);
            }
          });
          return new Edit.Graft(path, found);
        }
      } else if (!below && !above) {
        String content = "v" + random.nextInt(1000) + "x".repeat(random.nextInt(200));
        model.put(path, content);
        types.remove(path);
        if (random.nextBoolean()) {
          types.put(path, "type/" + content.length());
        }
        return put(path, content);
      }
    }
  }

  private static FilePath path(Random random) {
    FilePath path = FilePath.ROOT;
    int depth = 1 + random.nextInt(4);
    for (int i = 0; i < depth; i++) {
      String name = NAMES[random.nextInt(NAMES.length)];
      path = path.child(i == depth - 1 ? name + random.nextInt(20) : name);
    }
    return path;
  }

  private Fileset fresh(Map<FilePath, String> model) {
    return trees.apply(
        Filesets.EMPTY,
        model.entrySet().stream()
            .map(file -> put(file.getKey(), file.getValue()))
            .toArray(Edit[]::new));
  }

  private Edit put(FilePath path, String content) {
    return types.containsKey(path)
        ? trees.typed(path.value(), content, types.get(path))
        : trees.put(path.value(), content);
  }

  private Fileset patched(Fileset old, Fileset now) {
    List<Edit> edits = new ArrayList<>();
    trees
        .files
        .diff(old, now, FilePath.ROOT)
        .forEachRemaining(difference ->
            edits.add(
                difference
                    .now()
                    .<Edit>map(file ->
                        new Edit.Put(file.path(), file.executable(), file.body(), Optional.empty()))
                    .orElseGet(() -> new Edit.Delete(difference.path()))));
    Collections.reverse(edits);
    // A file that became a directory: its deletion must not take what is put beneath it along.
    edits.sort((a, b) -> Boolean.compare(b instanceof Edit.Delete, a instanceof Edit.Delete));
    return trees.apply(old, edits.toArray(new Edit[0]));
  }

  private static List<String> lines(Map<FilePath, String> model) {
    List<String> lines = new ArrayList<>();
    model.forEach((path, content) -> lines.add(path.value() + "=" + content));
    return lines;
  }

  private static List<String> differences(Map<FilePath, String> old, Map<FilePath, String> now) {
    TreeMap<FilePath, String> all = new TreeMap<>(old);
    all.putAll(now);
    List<String> lines = new ArrayList<>();
    for (FilePath path : all.keySet()) {
      if (!now.containsKey(path)) {
        lines.add("- " + path.value());
      } else if (!old.containsKey(path)) {
        lines.add("+ " + path.value());
      } else if (!old.get(path).equals(now.get(path))) {
        lines.add("! " + path.value());
      }
    }
    return lines;
  }
}
