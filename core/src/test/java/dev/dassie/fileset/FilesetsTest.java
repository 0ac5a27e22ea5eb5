package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesetsTest {
  private final Trees trees = new Trees();

  @Test
  void theEmptyFilesetHasARootAndNothingElse() {
    assertThat(trees.files.find(Filesets.EMPTY, FilePath.ROOT)).isPresent();
    assertThat(trees.files.list(Filesets.EMPTY, FilePath.ROOT, "")).isExhausted();
    assertThat(trees.paths(Filesets.EMPTY)).isEmpty();
    assertThat(trees.files.find(Filesets.EMPTY, FilePath.parse("/a"))).isEmpty();
  }

  @Test
  void aPutFileIsFoundWithItsSizeAndHash() {
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("a/b/c.txt", "hello"));

    Entry entry = trees.files.find(set, FilePath.parse("/a/b/c.txt")).orElseThrow();
    assertThat(entry.size()).isEqualTo(5);
    assertThat(entry.hash().toString())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(set.files()).isEqualTo(1);
    assertThat(set.size()).isEqualTo(5);
    Entry.Directory folder =
        (Entry.Directory) trees.files.find(set, FilePath.parse("/a")).orElseThrow();
    assertThat(folder.files()).isEqualTo(1);
    assertThat(folder.size()).isEqualTo(5);
  }

  @Test
  void laterEditsOfAPathWin() {
    Fileset set =
        trees.apply(
            Filesets.EMPTY,
            trees.put("a", "1"),
            trees.delete("a"),
            trees.put("a/b", "2"),
            trees.put("x/y", "3"),
            trees.delete("x"),
            trees.put("x/z", "4"),
            trees.put("x/z", "5"));

    assertThat(trees.contents(set)).containsExactly("a/b=2", "x/z=5");
  }

  @Test
  void aDirectoryOfAMillionEntriesCostsWhatOneOfAThousandDoes(@TempDir Path folder) {
    Fileset million;
    try (Edits edits = new Edits(folder)) {
      for (int i = 0; i < 1_000_000; i++) {
        edits.add(trees.put("d/%07d".formatted(i), "x"));
      }
      million = trees.files.apply(Filesets.EMPTY, edits, trees.session);
    }
    trees.fresh();
    trees.chunks.reset();

    Fileset now = trees.apply(million, trees.put("d/0500000.new", "y"));
    long written = trees.chunks.treeWrites();
    long read = trees.chunks.reads();
    trees.fresh();
    trees.chunks.reset();
    Iterator<Entry> page = trees.files.list(now, FilePath.parse("/d"), "0500000");

    assertThat(million.files()).isEqualTo(1_000_000);
    assertThat(now.files()).isEqualTo(1_000_001);
    assertThat(written).isLessThanOrEqualTo(6);
    assertThat(read).isLessThanOrEqualTo(12);
    assertThat(page.next().path().value()).isEqualTo("d/0500000.new");
    assertThat(trees.chunks.reads()).isLessThanOrEqualTo(8);
    assertThat(trees.diff(million, now, "")).containsExactly("+ d/0500000.new");
    assertThat(trees.chunks.reads()).isLessThanOrEqualTo(24);
  }

  @Test
  void directoriesThatBecomeEmptyVanish() {
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("a/b/c", "1"), trees.put("d", "2"));

    Fileset now = trees.apply(set, trees.delete("a/b/c"));

    assertThat(trees.files.find(now, FilePath.parse("/a"))).isEmpty();
    assertThat(trees.apply(now, trees.delete("d"))).isEqualTo(Filesets.EMPTY);
  }

  @Test
  void aFileAndADirectoryCannotShareAPath() {
    Fileset file = trees.apply(Filesets.EMPTY, trees.put("a", "1"), trees.put("a-b/c", "2"));
    Fileset folder = trees.apply(Filesets.EMPTY, trees.put("a/b/c", "1"), trees.put("a.b", "2"));

    assertConflict(file, "/a", "/a/x/y", trees.put("a/x/y", "1"));
    assertConflict(folder, "/a", "/a/b/c", trees.put("a", "1"));
    assertConflict(folder, "/a", "/a/b/c", trees.put("a", "1"), trees.put("a.c", "1"));
    assertConflict(folder, "/a/b/c", "/a/b/c/d", trees.put("a/b/c/d", "1"));
    assertConflict(Filesets.EMPTY, "/q", "/q/r", trees.put("q/r", "1"), trees.put("q", "1"));
    assertConflict(Filesets.EMPTY, "/q", "/q/r", trees.put("q", "1"), trees.put("q/r", "1"));
  }

  @Test
  void aBatchMayReplaceAFileByADirectoryAndBack() {
    Fileset file = trees.apply(Filesets.EMPTY, trees.put("a", "1"));

    Fileset folder = trees.apply(file, trees.delete("a"), trees.put("a/b", "2"));
    Fileset back = trees.apply(folder, trees.delete("a/b"), trees.put("a", "1"));
    Fileset again = trees.apply(folder, trees.delete("a"), trees.put("a", "1"));

    assertThat(trees.contents(folder)).containsExactly("a/b=2");
    assertThat(back).isEqualTo(file);
    assertThat(again).isEqualTo(file);
  }

  @Test
  void aGraftPutsADirectoryByReference() {
    Fileset set = trees.many("big/%05d", 3_000);
    Entry.Directory big =
        (Entry.Directory) trees.files.find(set, FilePath.parse("big")).orElseThrow();
    trees.chunks.reset();

    Fileset now =
        trees.apply(set, new Edit.Graft(FilePath.parse("copy/of"), big), trees.put("copy/n", "1"));

    assertThat(trees.chunks.treeWrites()).isLessThanOrEqualTo(3);
    assertThat(now.files()).isEqualTo(6_001);
    Entry copy = trees.files.find(now, FilePath.parse("copy/of")).orElseThrow();
    assertThat(copy.hash()).isEqualTo(big.hash());
  }

  @Test
  void theRootGraftedIsTheWholeFileset() {
    Fileset set = trees.apply(Filesets.EMPTY, trees.put("a", "1"), trees.put("b/c", "2"));
    Entry.Directory root = trees.files.rootDirectory(set);

    Fileset beneath = trees.apply(Filesets.EMPTY, new Edit.Graft(FilePath.parse("x"), root));
    Fileset replaced = trees.apply(trees.many("old%03d", 10), new Edit.Graft(FilePath.ROOT, root));

    assertThat(trees.contents(beneath)).containsExactly("x/a=1", "x/b/c=2");
    assertThat(replaced).isEqualTo(set);
    Entry.Directory x =
        (Entry.Directory) trees.files.find(beneath, FilePath.parse("x")).orElseThrow();
    assertThat(trees.files.of(x, trees.session)).isEqualTo(set);
  }

  @Test
  void deletingADirectoryCostsTheSameWhateverIsInIt() {
    Fileset set = trees.many("a/%02d/%05d", 20_000);
    Fileset both = trees.apply(set, trees.put("keep", "1"));
    trees.chunks.reset();

    Fileset now = trees.apply(both, trees.delete("a"));

    assertThat(trees.contents(now)).containsExactly("keep=1");
    assertThat(trees.chunks.reads()).isLessThan(6);
  }

  @Test
  void deepPathsAreRead() {
    String deep = "d/".repeat(2_040) + "f";
    Fileset set = trees.apply(Filesets.EMPTY, trees.put(deep, "1"), trees.put("a", "2"));

    Fileset now = trees.apply(set, trees.put(deep + "g", "3"), trees.delete(deep));

    assertThat(trees.paths(now)).containsExactly("a", deep + "g");
    assertThat(trees.files.diff(set, now, FilePath.ROOT)).toIterable().hasSize(2);
    assertConflict(now, "/d", "/" + deep + "g", trees.put("d", "x"));
  }

  @Test
  void contentTypesFollowTheirFiles() {
    Fileset set =
        trees.apply(
            Filesets.EMPTY,
            trees.typed("a/b", "1", "text/plain"),
            trees.typed("a/c", "1", "text/html"),
            trees.typed("a0", "1", "image/png"));

    Fileset dropped = trees.apply(set, trees.delete("a"), trees.put("x", "1"));

    assertThat(trees.files.contentType(set, FilePath.parse("a/c"))).hasValue("text/html");
    assertThat(trees.files.contentType(set, FilePath.parse("a"))).isEmpty();
    assertThat(trees.files.contentType(dropped, FilePath.parse("a/c"))).isEmpty();
    assertThat(trees.files.contentType(dropped, FilePath.parse("a0"))).hasValue("image/png");
    assertThat(trees.apply(set, trees.delete("/"))).isEqualTo(Filesets.EMPTY);
    assertThat(trees.apply(dropped, trees.put("a0", "1"))).isNotEqualTo(dropped);
    Fileset plain = trees.apply(Filesets.EMPTY, trees.put("a/b", "1"));
    Fileset typed = trees.apply(Filesets.EMPTY, trees.typed("a/b", "1", "text/plain"));
    assertThat(typed.content()).isEqualTo(plain.content());
  }

  @Test
  void listsOneDirectoryInNameOrderAndResumes() {
    Fileset set =
        trees.apply(
            Filesets.EMPTY,
            trees.put("d/a", "1"),
            trees.put("d/b/x", "1"),
            trees.put("d/b-c", "1"),
            trees.put("d/b0", "1"));

    assertThat(names(set, "d", "")).containsExactly("a", "b-c", "b", "b0");
    assertThat(names(set, "d", "b-c")).containsExactly("b", "b0");
    assertThat(names(set, "d", "b")).containsExactly("b0");
    assertThat(names(set, "d", "b/")).containsExactly("b0");
    assertThat(names(set, "d/a", "")).containsExactly("a");
    assertThatThrownBy(() -> names(set, "nothing", ""))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.NotFound.class));
  }

  @Test
  void listsAPageOfALargeDirectoryFromAFewNodes() {
    Fileset set = trees.many("%06d", 50_000);
    trees.fresh();
    trees.chunks.reset();

    var page = trees.files.list(set, FilePath.ROOT, "030000");
    for (int i = 1; i <= 1_000; i++) {
      assertThat(page.next().path().value()).isEqualTo("%06d".formatted(30_000 + i));
    }

    assertThat(trees.chunks.reads()).isLessThan(12);
  }

  @Test
  void oneEditCostsAsMuchInALargeDirectoryAsInASmallOne() {
    for (int size : new int[] {1_000, 10_000, 100_000}) {
      Fileset set = trees.many("data/f%06d", size);
      trees.chunks.reset();

      Fileset now = trees.apply(set, trees.put("data/f000500", "changed"));
      long writes = trees.chunks.treeWrites();
      long bytes = trees.chunks.treeBytes();
      trees.fresh();
      trees.chunks.reset();

      assertThat(writes).as("writes at %s", size).isLessThanOrEqualTo(4);
      assertThat(bytes).as("bytes at %s", size).isLessThan(60_000);
      assertThat(trees.diff(set, now, "")).containsExactly("! data/f000500");
      assertThat(trees.chunks.reads()).as("reads at %s", size).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void whatOneSessionPublishedAnotherOneChanges() throws IOException {
    try (Packs packs = new Packs(new MemoryObjectStore(), Path.of("/nowhere"))) {
      Fileset first;
      try (ChunkStore.Session session = packs.session()) {
        first = applied(packs, Filesets.EMPTY, session, "a/%05d", 2_000);
      }
      try (ChunkStore.Session session = packs.session()) {
        Fileset second = applied(packs, first, session, "a/%05dx", 1);

        List<String> paths = new ArrayList<>();
        new Filesets(packs)
            .diff(first, second, FilePath.ROOT)
            .forEachRemaining(difference -> paths.add(difference.path().value()));
        assertThat(paths).containsExactly("a/00000x");
        assertThat(second.files()).isEqualTo(2_001);
      }
    }
  }

  private static Fileset applied(
      Packs packs, Fileset base, ChunkStore.Session session, String pattern, int count) {
    Filesets files = new Filesets(packs);
    try (Edits edits = new Edits(Path.of("/nowhere"))) {
      for (int i = 0; i < count; i++) {
        byte[] bytes = ("c" + i).repeat(100).getBytes(StandardCharsets.UTF_8);
        Body body = files.write(new ByteArrayInputStream(bytes), session);
        edits.add(new Edit.Put(new FilePath(pattern.formatted(i)), false, body, Optional.empty()));
      }
      Fileset result = files.apply(base, edits, session);
      session.publish();
      return result;
    }
  }

  @Test
  void editsThatNoWriterWouldMakeAreRefused() {
    assertInvalid(new Edit.Put(FilePath.ROOT, false, Body.Inline.EMPTY, Optional.empty()));
    assertInvalid(
        new Edit.Put(new FilePath("a"), false, new Body.Inline(new byte[129]), Optional.empty()));
    assertInvalid(
        new Edit.Put(
            new FilePath("a"),
            false,
            new Body.Single(Filesets.EMPTY.content(), 100),
            Optional.empty()));
    assertInvalid(
        new Edit.Put(new FilePath("a"), false, Body.Inline.EMPTY, Optional.of("x".repeat(2_000))));
  }

  private void assertInvalid(Edit edit) {
    assertThatThrownBy(() -> trees.apply(Filesets.EMPTY, edit))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Invalid.class));
  }

  @Test
  void walksFromAnyPath() {
    Fileset set = trees.many("%d/%03d", 500);
    List<String> all = trees.paths(set);

    assertThat(all).isSortedAccordingTo(FilesetsTest::byBytes).hasSize(500);
    for (int i = 0; i < all.size(); i += 7) {
      assertThat(trees.walk(set, "", Optional.of(all.get(i))))
          .isEqualTo(all.subList(i + 1, all.size()));
      assertThat(trees.walk(set, "", Optional.of(all.get(i) + "x")))
          .isEqualTo(all.subList(i + 1, all.size()));
    }
    assertThat(trees.walk(set, "3", Optional.empty()))
        .isNotEmpty()
        .allMatch(p -> p.startsWith("3/"));
    assertThat(trees.walk(set, "3", Optional.of("30"))).isEmpty();
    assertThat(trees.walk(set, "3", Optional.of("3-"))).isNotEmpty();
    assertThat(trees.walk(set, "none", Optional.empty())).isEmpty();
    assertThat(trees.walk(set, all.getFirst(), Optional.empty())).containsExactly(all.getFirst());
  }

  @Test
  void diffOfAPathIsThatOfWhatItNames() {
    Fileset old = trees.apply(Filesets.EMPTY, trees.put("a", "1"), trees.put("b/c", "1"));
    Fileset now = trees.apply(old, trees.delete("a"), trees.put("a/x", "2"), trees.put("b/c", "2"));

    assertThat(trees.diff(old, now, "")).containsExactly("- a", "+ a/x", "! b/c");
    assertThat(trees.diff(old, now, "a")).containsExactly("- a", "+ a/x");
    assertThat(trees.diff(old, now, "b/c")).containsExactly("! b/c");
    assertThat(trees.diff(old, now, "none")).isEmpty();
    assertThat(trees.diff(old, old, "")).isEmpty();
  }

  @Test
  void editsSpillAndAreMergedAgain() {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      edits.add(trees.put("f%04d/x".formatted(i * 7919 % 3_000), "v" + i));
      if (i % 5 == 0) {
        edits.add(trees.delete("f%04d".formatted(i * 31 % 3_000)));
      }
    }

    Fileset spilled = trees.applySpilling(Filesets.EMPTY, edits);

    assertThat(spilled).isEqualTo(trees.apply(Filesets.EMPTY, edits.toArray(new Edit[0])));
  }

  private static int byBytes(String a, String b) {
    return new FilePath(a).compareTo(new FilePath(b));
  }

  private List<String> names(Fileset set, String directory, String after) {
    List<String> names = new ArrayList<>();
    trees
        .files
        .list(set, FilePath.parse(directory), after)
        .forEachRemaining(entry -> names.add(entry.path().name()));
    return names;
  }

  private void assertConflict(Fileset base, String file, String beneath, Edit... edits) {
    assertThatThrownBy(() -> trees.apply(base, edits))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> {
              assertThat(e.fault()).isInstanceOf(Fault.Conflict.class);
              assertThat(e.getMessage()).contains("`" + file + "`").contains("`" + beneath + "`");
            });
  }
}
