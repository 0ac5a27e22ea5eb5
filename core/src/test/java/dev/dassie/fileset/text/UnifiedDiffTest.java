package dev.dassie.fileset.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnifiedDiffTest {
  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@\n");

  private static String diff(Optional<byte[]> old, Optional<byte[]> now) throws IOException {
    StringWriter out = new StringWriter();
    Filesets reader =
        new Filesets(id -> {
          throw new AssertionError("all is inline");
        });
    new UnifiedDiff(reader, out)
        .write(
            new Difference(
                new FilePath("d/f"),
                old.map(UnifiedDiffTest::file),
                now.map(UnifiedDiffTest::file)));
    return out.toString();
  }

  private static Entry.File file(byte[] bytes) {
    return new Entry.File(new FilePath("d/f"), false, new Body.Inline(bytes));
  }

  private static String diff(String old, String now) throws IOException {
    return diff(
        Optional.of(old.getBytes(StandardCharsets.UTF_8)),
        Optional.of(now.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void changesComeWithThreeLinesAround() throws IOException {
    String text = diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");

    assertThat(text)
        .isEqualTo(
            """
            diff a/d/f b/d/f
            --- a/d/f
            +++ b/d/f
            @@ -2,7 +2,7 @@
             2
             3
             4
            -5
            +five
             6
             7
             8
            """);
  }

  @Test
  void aMissingEndOfLineIsSaid() throws IOException {
    assertThat(diff("a\n", "a")).endsWith("@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
  }

  @Test
  void filesThatComeAndGoAreAgainstNothing() throws IOException {
    byte[] bytes = "x\n".getBytes(StandardCharsets.UTF_8);

    assertThat(diff(Optional.empty(), Optional.of(bytes)))
        .endsWith("--- /dev/null\n+++ b/d/f\n@@ -0,0 +1 @@\n+x\n");
    assertThat(diff(Optional.of(bytes), Optional.empty()))
        .endsWith("--- a/d/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
  }

  @Test
  void whatIsNoTextIsNamedOnly() throws IOException {
    assertThat(diff(Optional.of(new byte[] {0}), Optional.of(new byte[] {(byte) 0xff})))
        .endsWith("Binary files a/d/f and b/d/f differ\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsWrittenLeadsFromOneTextToTheOther(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String> old = text(random, random.nextInt(40));
      List<String> now = new ArrayList<>(old);
      for (int edit = random.nextInt(10); edit > 0; edit--) {
        int at = random.nextInt(now.size() + 1);
        if (random.nextBoolean() && at < now.size()) {
          now.remove(at);
        } else {
          now.add(at, random.nextInt(5) + "\n");
        }
      }
      LineDiff found = LineDiff.of(old, now);

      assertThat(found.lost().cardinality() + found.gained().cardinality())
          .isEqualTo(old.size() + now.size() - 2 * longestCommon(old, now));
      assertThat(applied(old, unified(old, now))).isEqualTo(now);
    }
  }

  @Test
  void textsThatHaveNothingInCommonAreReplacedInBoundedTime() {
    Random random = new Random(1);
    List<String> old = new ArrayList<>();
    List<String> now = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      old.add("a" + random.nextInt() + "\n");
      now.add("b" + random.nextInt() + "\n");
    }

    LineDiff found = LineDiff.of(old, now);

    assertThat(found.lost().cardinality()).isEqualTo(20_000);
    assertThat(found.gained().cardinality()).isEqualTo(20_000);
  }

  private static String unified(List<String> old, List<String> now) {
    try {
      return diff(String.join("", old), String.join("", now));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> text(Random random, int lines) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      text.add(random.nextInt(5) + "\n");
    }
    return text;
  }

  private static int longestCommon(List<String> one, List<String> other) {
    int[][] length = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        length[i][j] =
            one.get(i).equals(other.get(j))
                ? 1 + length[i + 1][j + 1]
                : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    return length[0][0];
  }

  /// What `patch` would make of it.
  private static List<String> applied(List<String> old, String diff) {
    List<String> now = new ArrayList<>();
    int taken = 0;
    for (String line : diff.lines().skip(3).map(text -> text + "\n").toList()) {
      Matcher hunk = HUNK.matcher(line);
      if (hunk.matches()) {
        int count = hunk.group(2) == null ? 1 : Integer.parseInt(hunk.group(2));
        int from = Integer.parseInt(hunk.group(1)) - (count == 0 ? 0 : 1);
        now.addAll(old.subList(taken, from));
        taken = from;
        continue;
      }
      if (line.charAt(0) != '+') {
        assertThat(line.substring(1)).isEqualTo(old.get(taken++));
      }
      if (line.charAt(0) != '-') {
        now.add(line.substring(1));
      }
    }
    now.addAll(old.subList(taken, old.size()));
    return now;
  }
}
