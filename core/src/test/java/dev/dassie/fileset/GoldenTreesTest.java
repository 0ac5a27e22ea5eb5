package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.PersistentMap.Change;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Trees whose bytes must never change. The file was computed from docs/format.md by another
/// program, not by this code.
final class GoldenTreesTest {
  private final Trees trees = new Trees();
  private final Map<String, String> golden = golden();

  @Test
  void theEmptyDirectoryIsItsNode() {
    assertThat(HexFormat.of().formatHex(Node.empty(NodeKind.DIRECTORY).encode()))
        .isEqualTo(golden.get("empty-directory-node"));
  }

  @Test
  void aSmallDirectoryHasTheseBytes() {
    Body hash = trees.body("#!");
    Fileset set =
        trees.apply(
            Filesets.EMPTY,
            trees.put("a/b.txt", "hello"),
            new Edit.Put(FilePath.parse("run.sh"), true, hash, java.util.Optional.empty()));

    assertThat(HexFormat.of().formatHex(trees.chunks.read(set.content())))
        .isEqualTo(golden.get("small-directory-node"));
  }

  @Test
  void largeDirectoriesHaveThisRoot() {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      edits.add(trees.put("d%d/file-%05d".formatted(i % 7, i), "content " + i));
    }
    for (int i = 0; i < 3_000; i++) {
      edits.add(trees.put("top-" + i, "x"));
    }

    Fileset set = trees.apply(Filesets.EMPTY, edits.toArray(new Edit[0]));

    assertThat(set.content().toString()).isEqualTo(golden.get("directories-root"));
  }

  @Test
  void aLargeMapHasThisRoot() {
    TreeMap<String, Change> rows = new TreeMap<>();
    for (long i = 0; i < 20_000; i++) {
      rows.put("key-" + i, new Change.Put(utf8("key-" + i), utf8("value-" + i * i)));
    }

    PersistentMap.Root root =
        new PersistentMap(trees.chunks)
            .apply(PersistentMap.EMPTY, rows.values().iterator(), trees.session);

    assertThat(root.node().map(Digest::toString)).hasValue(golden.get("map-root"));
  }

  @Test
  void aLongRecipeHasThisRoot() {
    RecipeWriter writer = new RecipeWriter(trees.session);
    for (int i = 0; i < 30_000; i++) {
      writer.add(Digest.of(utf8("chunk " + i)), 1_000 + i);
    }

    assertThat(writer.finish().hash()).hasToString("02:" + golden.get("recipe-root"));
  }

  @Test
  void attributesHaveThisRoot() {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      edits.add(trees.typed("f" + i, "x", "text/x-" + i));
    }

    Fileset set = trees.apply(Filesets.EMPTY, edits.toArray(new Edit[0]));

    assertThat(set.attributes().map(Digest::toString)).hasValue(golden.get("attributes-root"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> golden() {
    try (InputStream in = GoldenTreesTest.class.getResourceAsStream("/golden/trees-1.txt")) {
      Map<String, String> lines = new HashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .forEach(line -> lines.put(line[0], line[1]));
      return lines;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
