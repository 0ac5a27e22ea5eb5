package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Packs;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.sql.SqliteMetadata;
import dev.dassie.version.Commit;
import dev.dassie.version.IdSource;
import dev.dassie.version.Rebuild;
import dev.dassie.version.Repo;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Instances that released versions wrote (`.build/golden-home`): this one reads them whole, takes
/// writes, and can build their database again; what a newer version wrote is refused in a sentence.
class GoldenHomeTest {
  private static final Path GOLDEN =
      ProjectTree.ROOT.resolve("acceptance/src/test/resources/golden");
  private static final int ALL = 10_000;

  @TempDir Path folder;

  static List<String> versions() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".tar.gz"))
          .map(name -> name.substring(0, name.length() - ".tar.gz".length()))
          .sorted()
          .toList();
    }
  }

  private Instance unpacked(String version) throws Exception {
    Instance dassie = new Instance(folder);
    Path archive = GOLDEN.resolve(version + ".tar.gz");
    dassie.run("tar -C '%s' -xzf '%s'".formatted(folder, archive)).expect(0);
    return dassie;
  }

  /// The index is not in the archive: it is made anew.
  @ParameterizedTest
  @MethodSource("versions")
  void anInstanceOfEveryReleasedVersionIsReadWholeAndTakesWrites(String version) throws Exception {
    List<String> expected = Files.readAllLines(GOLDEN.resolve(version + ".txt"));
    Path facts = ProjectTree.ROOT.resolve(".build/golden-facts");
    try (Instance dassie = unpacked(version)) {
      dassie.run("dassie up").expect(0);

      List<String> found = dassie.run("'%s' %s".formatted(facts, dassie.url())).expect(0).lines();

      assertThat(found).containsExactlyElementsOf(expected);
      dassie.run("dassie finish commit images@open").expect(0);
      dassie.run("echo new | dassie put file feed@master:/a-2 -f -").expect(0);
      dassie.run("dassie wait commit copy@master").expect(0);
      assertThat(dassie.run("dassie get file copy@master:/a-2").expect(0).out()).isEqualTo("NEW\n");
      dassie.run("dassie gc --grace 0s").expect(0);
      dassie.run("dassie fsck").expect(0);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theDatabaseComesBackFromThePacksAlone(String version) throws Exception {
    Path home = unpacked(version).home();
    Path spill = Files.createDirectories(folder.resolve("spill"));
    try (Packs packs =
            new Packs(new DiskObjectStore(home.resolve("store")), folder.resolve("index"));
        SqliteMetadata database = new SqliteMetadata(home.resolve("dassie.db"));
        SqliteMetadata empty = new SqliteMetadata(folder.resolve("rebuilt.db"))) {
      Versions before = versions(database, packs, spill);

      long commits = new Rebuild(empty).run(packs.treeChunks(), packs);

      Versions after = versions(empty, packs, spill);
      Set<String> finished = finished(before);
      // What was deleted without a record of it comes back too: a repo.
      assertThat(finished(after)).containsAll(finished).hasSizeLessThanOrEqualTo((int) commits);
      assertThat(finished).hasSizeGreaterThan(10);
    }
  }

  private static Versions versions(SqliteMetadata database, Packs packs, Path spill) {
    return new Versions(database, packs, spill, InstantSource.system(), IdSource.random());
  }

  /// Every finished commit with its files, as text.
  private static Set<String> finished(Versions versions) {
    Set<String> found = new TreeSet<>();
    for (Repo repo : versions.repos(Optional.empty(), Optional.empty(), "", ALL).items()) {
      for (Commit commit : versions.commits(repo.name(), any -> true, "", ALL).items()) {
        commit
            .finishedFiles()
            .ifPresent(files -> found.add(commit.name() + " " + commit.provenance() + files));
      }
    }
    return found;
  }

  @Test
  void aNewerFolderIsRefusedInASentence() throws Exception {
    Instance dassie = unpacked(versions().getLast());
    Files.writeString(dassie.home().resolve("format"), "2\n");

    Instance.Result refused = dassie.run("dassie server").expect(5);

    assertThat(refused.err()).contains("has format 2, and this Dassie reads up to 1.");
  }

  @Test
  void aNewerDatabaseIsRefusedInASentence() throws Exception {
    Instance dassie = unpacked(versions().getLast());
    dassie
        .run(
            "python3 -c 'import sqlite3; sqlite3.connect(\"%s\").execute(\"PRAGMA user_version = 99\")'"
                .formatted(dassie.home().resolve("dassie.db")))
        .expect(0);

    Instance.Result refused = dassie.run("dassie server").expect(5);

    assertThat(refused.err()).contains("has format 99, and this Dassie reads up to ");
  }

  @Test
  void aNewerPackIsRefusedInASentence() throws Exception {
    Instance dassie = unpacked(versions().getLast());
    dassie
        .run(
            "rm -rf '%1$s/index'; pack=$(find '%1$s/store/packs/data' -name '*.pack' | head -1);"
                    .formatted(dassie.home())
                + " printf '\\002' | dd of=$pack bs=1 seek=8 conv=notrunc")
        .expect(0);

    Instance.Result refused = dassie.run("dassie server").expect(2);

    assertThat(refused.err()).contains(".pack").contains("format 2");
  }
}
