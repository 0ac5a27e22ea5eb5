package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GlobTest {
  @Test
  void starsStayWithinAPart() {
    assertMatches("/*", "a", "a.b", ".hidden");
    assertFails("/*", "a/b");
    assertMatches("/a/*.csv", "a/b.csv", "a/.csv");
    assertFails("/a/*.csv", "a/b/c.csv", "b.csv", "a/b.csvx");
    assertMatches("*.csv", "b.csv");
  }

  @Test
  void doubleStarsCrossParts() {
    assertMatches("/**", "a", "a/b", "a/b/c");
    assertMatches("/a/**", "a/b", "a/b/c");
    assertFails("/a/**", "a", "ab");
    assertMatches("/**.csv", "x.csv", "a/b/x.csv");
    assertMatches("/**/x.csv", "x.csv", "a/x.csv", "a/b/x.csv");
    assertFails("/**/x.csv", "ax.csv", "a/bx.csv");
    assertMatches("/a/**/z", "a/z", "a/b/z", "a/b/c/z");
    assertMatches("/a**z", "az", "a/b/z");
  }

  @Test
  void questionMarksAndSetsMatchOneCharacter() {
    assertMatches("/?", "a", "é", "😀");
    assertFails("/?", "ab");
    assertMatches("/[a-cx]", "a", "b", "x");
    assertFails("/[a-cx]", "d");
    assertMatches("/[!a-c]", "d", "-");
    assertFails("/[^a-c]", "b");
    assertMatches("/[]a]", "]", "a");
    assertMatches("/[a-]", "-");
    assertMatches("/[\\]]", "]");
    assertFails("/a[!x]b", "a/b");
  }

  @Test
  void bracesAreAlternatives() {
    assertMatches("/{a,bc}.txt", "a.txt", "bc.txt");
    assertMatches("/{a,b/{c,d}}/e", "a/e", "b/c/e", "b/d/e");
    assertFails("/{a,bc}.txt", "b.txt");
    assertMatches("/x{,y}", "x", "xy");
  }

  @Test
  void extendedGroupsCount() {
    assertMatches("/@(a|b*)", "a", "bxy");
    assertFails("/@(a|b*)", "c", "ab");
    assertMatches("/?(a)b", "b", "ab");
    assertMatches("/*(ab)c", "c", "abc", "ababc");
    assertMatches("/+(ab)c", "abc", "ababc");
    assertFails("/+(ab)c", "c");
    assertMatches("/!(a|b)", "c", "ab", "aa");
    assertFails("/!(a|b)", "a", "b", "x/y");
    assertMatches("/!(*.tmp)", "a.csv");
    assertFails("/!(*.tmp)", "a.tmp");
    assertMatches("/*!(x)", "ax");
    assertMatches("/a!(!(b))", "ab");
    assertFails("/a!(!(b))", "ac");
  }

  @Test
  void bareParenthesesCapture() {
    assertCaptures("/(*)-(*).txt", "a-b-c.txt", "a-b", "c");
    assertCaptures("/(a|bc)x", "bcx", "bc");
    assertCaptures("/@(a|b)(?)", "bz", "z");
    assertCaptures("/x@((a)|(b))", "xb", "", "b");
    assertCaptures("/(*(a))b", "aab", "aa");
    assertCaptures("/((a)(b))", "ab", "ab", "a", "b");
    assertCaptures("/*", "abc");
    assertThat(Glob.parse("/(*)-x").captures(new FilePath("a"))).isEmpty();
  }

  @Test
  void aBackslashEscapes() {
    assertMatches("/a\\*b", "a*b");
    assertFails("/a\\*b", "axb");
    assertMatches("/\\(x\\)", "(x)");
    assertMatches("/a,b|c]}", "a,b|c]}");
    assertThat(Glob.parse("/a\\*b/x*").literalPrefix()).isEqualTo("a*b/x");
  }

  @Test
  void aTrailingSlashMatchesDirectoriesOnly() {
    Glob glob = Glob.parse("/a*/");

    assertThat(glob.matches(new FilePath("ab"), true)).isTrue();
    assertThat(glob.matches(new FilePath("ab"), false)).isFalse();
  }

  @Test
  void onlyTheSlashMatchesTheRoot() {
    assertThat(Glob.parse("/").matches(FilePath.ROOT, true)).isTrue();
    assertThat(Glob.parse("/").matches(new FilePath("a"), true)).isFalse();
    assertThat(Glob.parse("/**").matches(FilePath.ROOT, true)).isFalse();
    assertThat(Glob.parse("/*").matches(FilePath.ROOT, true)).isFalse();
  }

  @Test
  void brokenGlobsAreRefusedWithThePosition() {
    assertInvalid("", "pattern");
    assertInvalid("/a[b", "character 3");
    assertInvalid("/a{b", "character 3");
    assertInvalid("/(a", "character 2");
    assertInvalid("/a)", "character 3");
    assertInvalid("/a\\", "character 3");
    assertInvalid("/a//b", "character 4");
    assertInvalid("/[z-a]", "character 2");
    assertInvalid("/" + "(".repeat(100), "64 deep");
    assertInvalid("/" + "a".repeat(9_000), "at most 8192");
  }

  @Test
  void hostilePatternsDoNotBlowUp() {
    String path = "a".repeat(2_000);
    assertFails("/" + "*a".repeat(30) + "b", path);
    assertFails("/" + "*(*(*(a)))" + "b", path);
    assertFails("/" + "?(a)".repeat(200) + "b", path);
    assertFails("/+(a|aa|aaa|*)b", path);
    assertThatThrownBy(() -> matches("/" + "!(*a*a*)".repeat(20) + "b", path))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Invalid.class));
  }

  @Test
  void globsFindWhatMatchesInPathOrder() {
    Trees trees = new Trees();
    Fileset set = trees.many("d%02d/%03d.txt", 500);

    assertThat(trees.glob(set, "/", Optional.empty())).containsExactly("/");
    assertThat(trees.glob(set, "/", Optional.of("/"))).isEmpty();
    assertThat(trees.glob(set, "/*", Optional.empty())).hasSize(37).contains("d36/");
    assertThat(trees.glob(set, "/d0[12]", Optional.empty())).containsExactly("d01/", "d02/");
    assertThat(trees.glob(set, "/d01", Optional.empty())).containsExactly("d01/");
    assertThat(trees.glob(set, "/d01/001.txt", Optional.empty())).containsExactly("d01/001.txt");
    assertThat(trees.glob(set, "/d01/001.txt/", Optional.empty())).isEmpty();
    assertThat(trees.glob(set, "/none/*", Optional.empty())).isEmpty();
    assertThat(trees.glob(set, "/**", Optional.empty())).hasSize(537);
    assertThat(trees.glob(Filesets.EMPTY, "/", Optional.empty())).containsExactly("/");
    assertThat(trees.glob(Filesets.EMPTY, "/*", Optional.empty())).isEmpty();
    for (String glob : List.of("/**", "/*/*5.txt", "/d1*", "/d1?/**", "/*/")) {
      List<String> all = trees.glob(set, glob, Optional.empty());
      for (int i = 0; i < all.size(); i += 5) {
        String after = all.get(i);
        assertThat(trees.glob(set, glob, Optional.of(after)))
            .isEqualTo(all.subList(i + 1, all.size()));
      }
    }
  }

  @Test
  void globsReadOnlyWhereTheyCanMatch() {
    Trees trees = new Trees();
    Fileset set = trees.many("d%02d/%06d.txt", 30_000);
    assertReads(trees, set, "/d07/0000*", 6);
    assertReads(trees, set, "/d0[7]/*1.txt", 8);
    assertReads(trees, set, "/*/", 3);
    assertReads(trees, set, "/d0", 3);
    // A lookup in each of 37 directories, of 50 nodes and more together.
    assertReads(trees, set, "/*/000040.txt", 37 * 2 + 2);
    assertReads(trees, set, "/d*/00004@(0|1).txt", 37 * 2 + 2);
  }

  @Test
  void whatNamesMustBeginWithLeavesNothingOut() {
    Trees trees = new Trees();
    Fileset set = trees.many("d%02d/x%03d/f", 300);
    for (String glob :
        List.of(
            "/*/x01*",
            "/*/x012/f",
            "/d?/x012/*",
            "/d1*/x@(012|013)/f",
            "/d*/x0\\12/f",
            "/*/x[0]12/f",
            "/{d01/x001,d02/x002}/f",
            "/*(d01/x001|d02)/**",
            "/d0**2/f",
            "/**/x012/f",
            "/*/x012/",
            "/d(*)/x+(0)12/f")) {
      List<String> expected =
          trees.glob(set, "/**", Optional.empty()).stream()
              .filter(path ->
                  Glob.parse(glob)
                      .matches(new FilePath(path.replaceAll("/$", "")), path.endsWith("/")))
              .toList();

      assertThat(trees.glob(set, glob, Optional.empty())).as(glob).isEqualTo(expected);
    }
  }

  private static void assertReads(Trees trees, Fileset set, String glob, long limit) {
    trees.fresh();
    trees.chunks.reset();
    trees.glob(set, glob, Optional.empty());
    assertThat(trees.chunks.reads()).as(glob).isLessThanOrEqualTo(limit);
  }

  private static boolean matches(String glob, String path) {
    return Glob.parse(glob).matches(new FilePath(path), false);
  }

  private static void assertMatches(String glob, String... paths) {
    for (String path : paths) {
      assertThat(matches(glob, path)).as("%s on %s", glob, path).isTrue();
    }
  }

  private static void assertFails(String glob, String... paths) {
    for (String path : paths) {
      assertThat(matches(glob, path)).as("%s on %.20s", glob, path).isFalse();
    }
  }

  private static void assertCaptures(String glob, String path, String... captures) {
    assertThat(Glob.parse(glob).captures(new FilePath(path))).hasValue(List.of(captures));
  }

  private static void assertInvalid(String glob, String message) {
    assertThatThrownBy(() -> Glob.parse(glob))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining(message);
  }
}
