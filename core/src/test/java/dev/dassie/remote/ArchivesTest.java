package dev.dassie.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.version.Commit;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.Merges;
import dev.dassie.version.merge.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Archives of repos. `archive-1.dar` holds the repo `golden`, as [#history] makes it.
@Timeout(120)
class ArchivesTest {
  @TempDir Path folder;
  private Site here;
  private Site there;

  @BeforeEach
  void open() throws IOException {
    here = new Site(folder, 1);
    there = new Site(folder, 2);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  static byte[] golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ArchivesTest.class.getResourceAsStream("/golden/" + name))) {
      return in.readAllBytes();
    }
  }

  /// Branches that were merged, a tag, a failed commit, one that was taken out, an open one.
  static void history(Site site) {
    site.make("golden");
    site.put("golden@master", "a.txt", "hello", "d/numbers", numbers());
    Commit second = site.put("golden@master", "a.txt", "hello again");
    site.versions.change(
        Site.ANN,
        change ->
            change.createBranch(
                Site.branch("golden@side"),
                Optional.of(second.name()),
                List.of(),
                Optional.empty()));
    Commit third = site.put("golden@master", "b.txt", "b");
    Commit aside = site.put("golden@side", "c.txt", "c");
    new Merges(site.versions)
        .merge(Site.ANN, Site.branch("golden@master"), aside.name(), "golden@side", Choices.NONE);
    site.versions.change(
        Site.ANN,
        change -> {
          change.squashCommit(third.name(), false);
          return change.createTag(Site.branch("golden@v1"), second.name());
        });
    Commit failed =
        site.versions.change(Site.ANN, change -> change.startCommit(Site.branch("golden@side")));
    site.versions.change(Site.ANN, change -> change.fail(failed.name(), "of no use"));
    site.versions.change(Site.ANN, change -> change.startCommit(Site.branch("golden@side")));
  }

  private static String numbers() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append(i).append('\n');
    }
    return text.toString();
  }

  @Test
  void archiveOfTheFirstFormatIsReadAndWrittenTheSame() throws IOException {
    Archives.Imported imported = here.take(golden("archive-1.dar"));

    assertThat(imported.repos()).isEqualTo(1);
    assertThat(imported.commits()).isEqualTo(5);
    assertThat(imported.refs()).isEqualTo(3);
    assertThat(here.read("golden@v1")).containsEntry("a.txt", "hello again");
    assertThat(here.read("golden@master")).containsOnlyKeys("a.txt", "b.txt", "c.txt", "d/numbers");
    assertSameChunks(here.export("golden"), golden("archive-1.dar"));
  }

  /// Items say when the project was made, which was here before.
  private static void assertSameChunks(byte[] one, byte[] other) throws IOException {
    List<Frame> frames = Site.frames(other);
    assertThat(Site.frames(one)).hasSameSizeAs(frames);
    assertThat(Site.frames(one).stream().filter(frame -> frame.kind().isChunk()))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(
            frames.stream().filter(frame -> frame.kind().isChunk()).toList());
  }

  @Test
  void historyArrivesWithItsIds() throws IOException {
    history(here);
    List<Commit> closed = here.commits("golden").stream().filter(c -> !c.isOpen()).toList();

    there.take(here.export("golden"));

    assertThat(there.commits("golden")).isEqualTo(closed);
    assertThat(there.read("golden@v1")).isEqualTo(here.read("golden@v1"));
    assertThat(there.read("golden@master")).isEqualTo(here.read("golden@master"));
    assertSameChunks(there.export("golden"), here.export("golden"));
    Commit aside = there.versions.resolve("default", "golden@side^");
    assertThat(
            new Merges(there.versions)
                .plan(Site.branch("golden@master"), aside.name(), Choices.NONE)
                .kind())
        .isEqualTo(Outcome.Kind.UP_TO_DATE);
  }

  @Test
  void secondImportChangesNothingAndNewerOneMovesForward() throws IOException {
    history(here);
    byte[] first = here.export("golden");
    there.take(first);
    long before = there.versions.position();

    Archives.Imported again = there.take(first);
    long after = there.versions.position();
    here.put("golden@master", "new.txt", "new");
    Archives.Imported newer = there.take(here.export("golden"));

    assertThat(after).isEqualTo(before);
    assertThat(again.repos() + again.commits() + again.refs() + again.bytes()).isZero();
    assertThat(newer.commits()).isEqualTo(1);
    assertThat(newer.bytes()).isZero();
    assertThat(there.read("golden@master")).isEqualTo(here.read("golden@master"));
    assertThat(there.take(first).refs()).isZero();
    assertThat(there.read("golden@master")).containsKey("new.txt");
  }

  @Test
  void branchThatWentAnotherWayIsRefused() throws IOException {
    history(here);
    there.take(here.export("golden"));
    here.put("golden@master", "x", "here");
    there.put("golden@master", "x", "there");
    long before = there.versions.position();

    assertThatThrownBy(() -> there.take(here.export("golden")))
        .hasMessageContaining("`golden@master` is here and is not what it is in the archive");
    assertThat(there.versions.position()).isEqualTo(before);
  }

  @Test
  void repoOfTheSameNameIsRefusedAndTakesAnotherName() throws IOException {
    history(here);
    there.make("golden");
    byte[] archive = here.export("golden");

    assertThatThrownBy(() -> there.take(archive))
        .hasMessageContaining("The repo `golden` of the archive was created by `local:ann`");
    Archives.Imported imported = there.takeAs(archive, "silver");

    assertThat(imported.commits()).isEqualTo(5);
    assertThat(there.read("silver@v1")).isEqualTo(here.read("golden@v1"));
    assertThat(there.commits("silver").stream().map(c -> c.name().id()))
        .isEqualTo(
            here.commits("golden").stream()
                .filter(c -> !c.isOpen())
                .map(c -> c.name().id())
                .toList());
    assertThat(there.commits("golden")).isEmpty();
    assertThat(there.takeAs(archive, "silver").commits()).isZero();
  }

  @Test
  void anotherNameNeedsAnArchiveOfOneRepo() throws IOException {
    here.make("one");
    here.make("two");

    assertThatThrownBy(() -> there.takeAs(here.export("one", "two"), "three"))
        .hasMessageContaining("one of 2 repos");
    assertThatThrownBy(() -> there.takeAs(here.exportAll(), "three"))
        .hasMessageContaining("one of a whole instance");
    assertThat(there.versions.findRepo(Site.repo("three"))).isEmpty();
  }

  @Test
  void commitThatWasDeletedHereDoesNotComeBackByTheWay() throws IOException {
    history(here);
    byte[] archive = here.export("golden");
    there.take(archive);
    Commit head = there.put("golden@extra", "x", "x");
    byte[] newer = there.export("golden");
    there.versions.change(
        Site.ANN,
        change -> {
          change.deleteCommit(head.name(), false);
          return head;
        });

    assertThatThrownBy(() -> there.take(newer)).hasMessageContaining("was deleted here by");
    assertThat(there.take(archive).commits()).isZero();
  }

  @Test
  void repoThatWasDeletedComesBackWhole() throws IOException {
    history(here);
    byte[] archive = here.export("golden");
    List<Commit> before = here.commits("golden").stream().filter(c -> !c.isOpen()).toList();
    here.versions.change(
        Site.ANN,
        change -> {
          change.deleteRepo(Site.repo("golden"));
          return "";
        });

    Archives.Imported imported = here.take(archive);

    assertThat(imported.repos()).isEqualTo(1);
    assertThat(imported.bytes()).isZero();
    assertThat(here.commits("golden")).isEqualTo(before);
  }

  @Test
  void importedRepoIsRebuiltFromItsRecords() throws IOException {
    history(here);
    there.take(here.export("golden"));
    var metadata = new dev.dassie.metadata.MemoryMetadata();

    new dev.dassie.version.Rebuild(metadata).run(there.packs.treeChunks(), there.packs);

    var rebuilt =
        new dev.dassie.version.Versions(
            metadata,
            there.packs,
            folder,
            java.time.InstantSource.system(),
            dev.dassie.version.IdSource.of(new java.util.Random(9)));
    assertThat(rebuilt.resolve("default", "golden@master").name())
        .isEqualTo(here.versions.resolve("default", "golden@master").name());
    assertThat(rebuilt.resolve("default", "golden@v1").name())
        .isEqualTo(here.versions.resolve("default", "golden@v1").name());
  }

  @Test
  void sectionsAreAsDocumented() throws IOException {
    byte[] archive = golden("archive-1.dar");

    assertThat(new String(archive, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("DASSIEAR");
    assertThat(HexFormat.of().formatHex(archive, 8, 16)).isEqualTo("0101000000000000");
    // Item 3, then codec, length and stored length.
    assertThat(archive[16]).isEqualTo((byte) 3);
    assertThat(archive[archive.length - 54]).isEqualTo((byte) 15);
    assertThat(HexFormat.of().formatHex(archive, archive.length - 53, archive.length - 44))
        .isEqualTo("000000002800000028");
  }
}
