package dev.dassie.version.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Merges of random trees against plain maps from path to text.
class MergeModelTest {
  private static final int ROUNDS = 15;
  private static final List<String> NAMES = List.of("a", "b", "b-", "c");

  @TempDir Path folder;
  private Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void mergeIsThatOfTheModel(long seed) {
    random = new Random(seed);
    Studio studio = new Studio(folder);
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, String> base = edited(Map.of(), 12);
      Map<String, String> ours = edited(base, random.nextInt(8));
      Map<String, String> theirs = edited(base, 1 + random.nextInt(8));
      String left = "ours" + round;
      String right = "theirs" + round;
      write(studio, left, Map.of(), base);
      studio.branch(right, left);
      write(studio, left, base, ours);
      write(studio, right, base, theirs);
      Model model = new Model(base, ours, theirs);

      assertThat(conflicts(studio, right, left)).isEqualTo(model.conflicts());
      for (Side side : Side.values()) {
        String into = side + left;
        studio.branch(into, left);
        studio.merge(right, into, new Choices(Optional.of(side), Map.of()));
        assertThat(studio.read(into)).as("%s of %s", side, model).isEqualTo(model.merged(side));
      }
      if (model.conflicts().isEmpty()) {
        studio.merge(left, right, Choices.NONE);
        assertThat(studio.read(right)).as("the other way").isEqualTo(model.merged(Side.OURS));
      }
    }
  }

  private static Set<String> conflicts(Studio studio, String from, String into) {
    Set<String> paths = new TreeSet<>();
    studio.conflicts(from, into).forEach(step -> paths.add(step.split(" ")[0]));
    return paths;
  }

  private static void write(
      Studio studio, String branch, Map<String, String> before, Map<String, String> after) {
    List<@Nullable String> pairs = new ArrayList<>();
    before.keySet().stream()
        .filter(path -> !after.containsKey(path))
        .forEach(path -> {
          pairs.add(path);
          pairs.add(null);
        });
    after.forEach((path, text) -> {
      pairs.add(path);
      pairs.add(text);
    });
    studio.put(branch, pairs.toArray(new @Nullable String[0]));
  }

  private Map<String, String> edited(Map<String, String> from, int edits) {
    Map<String, String> files = new TreeMap<>(from);
    for (int i = 0; i < edits; i++) {
      StringBuilder path = new StringBuilder();
      int depth = 1 + random.nextInt(3);
      for (int part = 0; part < depth; part++) {
        path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        files.remove(part == depth - 1 ? "" : path.toString());
      }
      String whole = path.toString();
      files.keySet().removeIf(other -> other.startsWith(whole + "/"));
      if (random.nextInt(4) == 0) {
        files.remove(whole);
      } else {
        files.put(whole, "text " + random.nextInt(3));
      }
    }
    return files;
  }

  /// The definition of a merge, on whole maps.
  private record Model(
      Map<String, String> base, Map<String, String> ours, Map<String, String> theirs) {
    private static Map<String, String> at(Map<String, String> files, String path) {
      Map<String, String> found = new TreeMap<>();
      files.forEach((name, text) -> {
        if (name.equals(path) || name.startsWith(path + "/")) {
          found.put(name, text);
        }
      });
      return found;
    }

    /// Paths that are a file here and a directory there, changed on both sides, topmost only.
    private Set<String> units() {
      Set<String> units = new TreeSet<>();
      Set<String> files = new TreeSet<>(ours.keySet());
      files.addAll(theirs.keySet());
      for (String path : files) {
        Map<String, String> mine = at(ours, path);
        Map<String, String> other = at(theirs, path);
        boolean clash =
            !mine.isEmpty()
                && !other.isEmpty()
                && mine.containsKey(path) != other.containsKey(path)
                && !mine.equals(at(base, path))
                && !other.equals(at(base, path));
        if (clash && units.stream().noneMatch(unit -> path.startsWith(unit + "/"))) {
          units.add(path);
        }
      }
      return units;
    }

    private Set<String> all() {
      Set<String> paths = new TreeSet<>(base.keySet());
      paths.addAll(ours.keySet());
      paths.addAll(theirs.keySet());
      paths.removeIf(path ->
          units().stream().anyMatch(unit -> path.equals(unit) || path.startsWith(unit + "/")));
      return paths;
    }

    private boolean isConflict(String path) {
      return !Objects.equals(base.get(path), ours.get(path))
          && !Objects.equals(base.get(path), theirs.get(path))
          && !Objects.equals(ours.get(path), theirs.get(path));
    }

    Set<String> conflicts() {
      Set<String> paths = new TreeSet<>(units());
      all().stream().filter(this::isConflict).forEach(paths::add);
      return paths;
    }

    Map<String, String> merged(Side side) {
      Map<String, String> chosen =
          switch (side) {
            case OURS -> ours;
            case THEIRS -> theirs;
            case BASE -> base;
          };
      Map<String, String> result = new TreeMap<>();
      for (String path : all()) {
        boolean changed = !Objects.equals(base.get(path), ours.get(path));
        String text = changed ? ours.get(path) : theirs.get(path);
        if (!isConflict(path) && text != null) {
          result.put(path, text);
        }
      }
      conflicts().forEach(path -> result.putAll(at(chosen, path)));
      return result;
    }
  }
}
