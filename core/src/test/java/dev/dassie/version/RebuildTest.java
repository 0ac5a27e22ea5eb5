package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildTest {
  @TempDir Path folder;
  private Packs packs;
  private World world;

  @BeforeEach
  void open() {
    packs = new Packs(new MemoryObjectStore(), folder.resolve("index"));
    world = new World(folder, new MemoryMetadata(), packs);
  }

  private Commit put(String branch, String path, String text) {
    try (FileWriter writer = world.files.write(World.ANN, World.branch(branch))) {
      writer.put(
          FilePath.parse(path),
          false,
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
          false,
          Optional.empty());
      return writer.commit();
    }
  }

  private Versions rebuilt() {
    MemoryMetadata empty = new MemoryMetadata();
    new Rebuild(empty).run(packs.treeChunks(), packs);
    return new Versions(empty, packs, folder, world.clock, IdSource.random());
  }

  @Test
  void everythingThatRecordsSayIsThereAgain() {
    world.versions.change(
        World.ANN, change -> change.createRepo(World.repo("images"), "pictures of liberty"));
    world.versions.change(
        World.ANN,
        change ->
            change.editRepo(
                World.repo("images"), new MetadataEdit(Map.of("owner", "ann"), Set.of())));
    Commit one = put("images@master", "/a", "1");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), one.name()));
    world.pipeline("edges", "images@master", "images@v1");
    world.finish(world.resolve("edges@master"), "edges of one");
    put("images@master", "/b", "2");
    Commit failing = world.resolve("edges@master");
    world.versions.change(World.ANN, change -> change.fail(failing.name(), "exit code 1"));
    put("images@master", "/c", "3");
    Commit edges = world.finish(world.resolve("edges@master"), "edges of three");

    Versions versions = rebuilt();

    for (Commit before : all(world.versions, "images")) {
      assertThat(versions.inspect(before.name())).isEqualTo(before);
    }
    assertThat(versions.repo(World.repo("images")))
        .isEqualTo(world.versions.repo(World.repo("images")));
    assertThat(versions.refs(World.repo("images"), "", 10))
        .isEqualTo(world.versions.refs(World.repo("images"), "", 10));
    assertThat(versions.branch(World.branch("edges@master")))
        .isEqualTo(world.versions.branch(World.branch("edges@master")));
    assertThat(versions.subscribers(World.branch("images@v1")))
        .containsExactly(World.branch("edges@master"));
    assertThat(versions.set(edges.name().id())).hasSize(2);
    assertThat(versions.read("default", "edges@master").commit().name()).isEqualTo(edges.name());
    // The commit between failed and has no record: the next one follows the one before.
    assertThat(versions.inspect(edges.name()).parent())
        .contains(world.resolve("edges@master~2").name().id());
    assertThat(versions.resolve("default", "images@master.2").finishedFiles().orElseThrow().files())
        .isEqualTo(2);
  }

  private static List<Commit> all(Versions versions, String repo) {
    return versions.commits(World.repo(repo), commit -> true, "", 1000).items();
  }

  @Test
  void aRebuiltDatabaseTakesWritesAndMovesDownstream() {
    world.createRepo("images");
    put("images@master", "/a", "1");
    world.pipeline("edges", "images@master");
    world.finish(world.resolve("edges@master"), "edges");

    Versions versions = rebuilt();
    Commit next =
        versions.change(
            World.ANN,
            change -> change.putFinished(World.branch("images@master"), World.content("2")));

    assertThat(versions.set(next.name().id())).hasSize(2);
  }

  @Test
  void aLongHistoryAndOpenCommitsThatWereFinishedComeBackInOrder() {
    world.createRepo("images");
    Map<CommitId, Optional<CommitId>> parents = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      if (i % 3 == 0) {
        Commit open = world.start("images@master");
        put("images@master", "/f" + i, "x");
        Commit finished = world.files.finish(World.ANN, open.name());
        parents.put(finished.name().id(), finished.parent());
      } else {
        Commit commit = put("images@master", "/f" + i, "x");
        parents.put(commit.name().id(), commit.parent());
      }
    }

    Versions versions = rebuilt();

    List<Commit> found = new ArrayList<>(all(versions, "images"));
    assertThat(found).hasSize(30);
    for (Commit commit : found) {
      assertThat(commit.parent()).isEqualTo(parents.get(commit.name().id()));
    }
    assertThat(versions.resolve("default", "images@master"))
        .isEqualTo(world.resolve("images@master"));
    assertThat(versions.resolve("default", "images@master.1"))
        .isEqualTo(world.resolve("images@master.1"));
  }

  @Test
  void ofTwoTriesToFinishTheLaterOneCountsThoughTheClockWentBack() throws Exception {
    world.createRepo("images");
    Commit open = world.start("images@master");
    put("images@master", "/a", "1");
    Fileset early = Filesets.EMPTY;
    try (dev.dassie.content.ChunkStore.Session session = packs.session()) {
      // A server that died between the pack and the transaction.
      var _ = world.versions.seal(session, open.name(), early, new Journal.State(1, 1), "");
      session.publish();
    }
    put("images@master", "/b", "2");
    world.clock.pass(java.time.Duration.ofMinutes(-5));
    Commit finished = world.files.finish(World.ANN, open.name());

    Versions versions = rebuilt();

    assertThat(versions.inspect(open.name()).finishedFiles()).isEqualTo(finished.finishedFiles());
  }

  @Test
  void aDatabaseWithReposIsNotRebuiltInto() {
    world.createRepo("images");

    assertThatThrownBy(() -> new Rebuild(world.metadata).run(packs.treeChunks(), packs))
        .hasMessageContaining("expected an empty one");
  }

  @Test
  void whatWasTakenOutOfHistoryStaysOut() {
    world.createRepo("images");
    Commit one = put("images@master", "/a", "1");
    Commit squashed = put("images@master", "/b", "2");
    Commit three = put("images@master", "/c", "3");
    Commit deleted = put("images@master", "/d", "4");
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteCommit(deleted.name(), false);
          change.squashCommit(squashed.name(), false);
          return true;
        });

    Versions versions = rebuilt();

    Commit head = versions.resolve("default", "images@master");
    assertThat(head.name()).isEqualTo(three.name());
    assertThat(head.parent()).contains(one.name().id());
    assertThat(versions.find(squashed.name())).isEmpty();
    assertThat(versions.stub(deleted.name()).map(Stub::commit)).contains(deleted);
  }

  @Test
  void mergesAreThereAgain() {
    world.createRepo("images");
    put("images@master", "/a", "1");
    Commit other = put("images@side", "/b", "2");
    Landing landing = new Landing(world.versions);
    CommitName head = world.resolve("images@master").name();
    try (dev.dassie.content.ChunkStore.Session session = packs.session()) {
      Landing.Place place =
          new Landing.Place(
              World.branch("images@master"),
              Optional.of(head.id()),
              Optional.of(other.name().id()));
      Commit merge =
          landing
              .land(
                  World.ANN,
                  place,
                  other.finishedFiles().orElseThrow(),
                  session,
                  Reply.COMMIT,
                  made -> made)
              .orElseThrow();

      assertThat(new Ancestry(rebuilt()).merged(merge.name())).contains(other.name().id());
    }
  }
}
