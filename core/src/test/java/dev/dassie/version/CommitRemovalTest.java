package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitRemovalTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() {
    world = new World(folder);
    world.createRepo("images");
  }

  private void delete(CommitName name, boolean recursive) {
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteCommit(name, recursive);
          return true;
        });
  }

  private void squash(CommitName name, boolean recursive) {
    world.versions.change(
        World.ANN,
        change -> {
          change.squashCommit(name, recursive);
          return true;
        });
  }

  private List<CommitId> history(String address) {
    return world
        .versions
        .history(world.resolve(address).name(), commit -> true, "", 1000)
        .items()
        .stream()
        .map(commit -> commit.name().id())
        .toList();
  }

  @Test
  void deletedHeadGivesWayToItsParent() {
    Commit first = world.put("images@master", "one");
    Commit second = world.put("images@master", "two");

    delete(second.name(), false);

    assertThat(world.resolve("images@master").name()).isEqualTo(first.name());
    assertThat(world.versions.newestFinished(World.branch("images@master")).map(Commit::name))
        .contains(first.name());
    assertThat(world.versions.stub(second.name()).map(Stub::deletedBy)).contains("local:ann");
    assertThatThrownBy(() -> world.versions.inspect(second.name()))
        .hasMessageContaining("No commit is named");
  }

  @Test
  void theOnlyCommitLeavesABranchWithoutHead() {
    Commit only = world.put("images@master", "one");

    delete(only.name(), false);

    assertThat(world.versions.branch(World.branch("images@master")).head()).isEmpty();
    assertThat(world.put("images@master", "again").parent()).isEmpty();
  }

  @Test
  void whatIsDependedOnIsRefusedAndSaid() {
    Commit first = world.put("images@master", "one");
    Commit second = world.put("images@master", "two");

    assertThatThrownBy(() -> delete(first.name(), false))
        .hasMessageContaining("`%s` comes after it".formatted(second.name()));
    assertThatThrownBy(() -> squash(second.name(), false))
        .hasMessageContaining("the branch `master` names it");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), first.name()));
    assertThatThrownBy(() -> squash(first.name(), false))
        .hasMessageContaining("the tag `v1` names it");
    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(
                World.branch("images@other"),
                Optional.of(second.name()),
                List.of(),
                Optional.empty()));
    assertThatThrownBy(() -> delete(second.name(), false))
        .hasMessageContaining("the branch `other` names it");
  }

  @Test
  void whatPipelinesMadeGoesAlongOnlyWhenAsked() {
    world.pipeline("edges", "images@master");
    Commit first = world.put("images@master", "one");
    Commit edges = world.resolve("edges@master");
    assertThatThrownBy(() -> delete(first.name(), true)).hasMessageContaining("is not over");
    world.finish(edges, "edges of one");
    Commit second = world.put("images@master", "two");
    Commit newer = world.resolve("edges@master");
    world.finish(newer, "edges of two");

    assertThatThrownBy(() -> delete(second.name(), false))
        .hasMessageContaining("`%s` was made from it".formatted(newer.name()));
    assertThatThrownBy(() -> delete(newer.name(), true))
        .hasMessageContaining("was made from `%s`".formatted(second.name()));
    delete(second.name(), true);

    assertThat(world.versions.find(newer.name())).isEmpty();
    assertThat(world.resolve("images@master").name()).isEqualTo(first.name());
    Commit now = world.resolve("edges@master");
    assertThat(now.parent()).contains(edges.name().id());
    assertThat(now.provenance()).containsExactly(new Commit.Source(first.name(), "master"));
  }

  @Test
  void squashedCommitLeavesItsDataInTheNextOne() {
    world.pipeline("edges", "images@master");
    for (int i = 0; i < 3; i++) {
      world.put("images@master", "text " + i);
      world.finish(world.resolve("edges@master"), "edges " + i);
    }
    Commit gone = world.resolve("images@master^");
    Commit made = world.resolve("edges@master^");

    squash(gone.name(), true);

    assertThat(history("images@master")).hasSize(2).doesNotContain(gone.name().id());
    assertThat(history("edges@master")).hasSize(2).doesNotContain(made.name().id());
    assertThat(world.resolve("images@master.1").finishedFiles()).contains(World.content("text 0"));
    assertThat(world.resolve("images@master").finishedFiles()).contains(World.content("text 2"));
  }

  @Test
  void addressesAreRightAfterManyRemovals() {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      world.put("images@master", "text " + i);
    }
    List<CommitId> expected = new java.util.ArrayList<>(history("images@master"));
    for (int i = 0; i < 30; i++) {
      boolean head = random.nextInt(4) == 0;
      int at = head ? 0 : 1 + random.nextInt(expected.size() - 1);
      CommitName name = new CommitName(World.repo("images"), expected.remove(at));
      if (head) {
        delete(name, false);
      } else {
        squash(name, false);
      }
    }

    for (int i = 0; i < expected.size(); i++) {
      assertThat(world.resolve("images@master~" + i).name().id()).isEqualTo(expected.get(i));
      assertThat(world.resolve("images@master." + (expected.size() - i)).name().id())
          .isEqualTo(expected.get(i));
    }
    assertThat(history("images@master")).isEqualTo(expected);
  }

  @Test
  void recordOfARemovalKeepsIdAuthorAndContent() {
    Commit first = world.put("images@master", "one");
    world.put("images@master", "two");

    squash(first.name(), false);

    Stub stub = world.versions.stub(first.name()).orElseThrow();
    assertThat(stub.commit()).isEqualTo(first);
    assertThat(stub.root()).contains(World.content("one").hash());
    assertThat(
            world.versions.events(0, 1000).stream()
                .map(positioned -> positioned.event().kind())
                .filter("commit.deleted"::equals))
        .hasSize(1);
    assertThat(new TreeMap<>(first.metadata())).isEmpty();
  }
}
