package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropagationTest {
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  private static List<String> names(List<Commit> commits) {
    return commits.stream().map(commit -> commit.name().repo().name()).toList();
  }

  @Test
  void aPipelineOverABranchWithoutCommitsHasNone() {
    world.pipeline("edges", "images@master");

    assertThat(world.versions.branch(World.branch("edges@master")).head()).isEmpty();
  }

  @Test
  void aPutMakesTheDownstreamCommitsAtOnceOpenAndWithItsId() {
    world.pipeline("edges", "images@master");
    world.pipeline("montage", "images@master", "edges@master");

    Commit put = world.put("images@master", "one");

    List<Commit> set = world.versions.set(put.name().id());
    assertThat(names(set)).containsExactly("images", "edges", "montage");
    assertThat(set.stream().map(Commit::isOpen)).containsExactly(false, true, true);
    assertThat(set.get(2).provenance())
        .containsExactly(
            new Commit.Source(set.get(0).name(), "master"),
            new Commit.Source(set.get(1).name(), "master"));
  }

  @Test
  void aQuietSourceStartsNothingAndTheNextCommitReadsItsNewestHead() {
    world.createRepo("table");
    world.pipeline("edges", "images@master", "table@master");
    world.pipeline("montage", "edges@master");
    world.versions.change(
        World.ANN,
        change -> {
          change.quiet(World.branch("edges@master"), Set.of(World.branch("table@master")));
          return true;
        });

    Commit table = world.put("table@master", "rates");
    Commit image = world.put("images@master", "one");

    assertThat(names(world.versions.set(table.name().id()))).containsExactly("table");
    List<Commit> set = world.versions.set(image.name().id());
    assertThat(names(set)).containsExactly("images", "edges", "montage");
    assertThat(set.get(1).provenance())
        .contains(new Commit.Source(table.name(), "master"))
        .hasSize(2);
  }

  @Test
  void aQuietSourceThatMovesWithALoudOneStillComesFirst() {
    world.pipeline("edges", "images@master");
    world.pipeline("montage", "images@master", "edges@master");
    world.versions.change(
        World.ANN,
        change -> {
          change.quiet(World.branch("montage@master"), Set.of(World.branch("edges@master")));
          return true;
        });

    Commit put = world.put("images@master", "one");

    List<Commit> set = world.versions.set(put.name().id());
    assertThat(names(set)).containsExactly("images", "edges", "montage");
    assertThat(set.get(2).provenance()).contains(new Commit.Source(set.get(1).name(), "master"));
  }

  @Test
  void startMovesTheHeadAndTwoStartsInOneTransactionMakeOneDownstreamCommit() {
    world.createRepo("labels");
    world.pipeline("joined", "images@master", "labels@master");

    CommitId set =
        world.versions.change(
            World.ANN,
            change -> {
              change.startCommit(World.branch("images@master"));
              change.startCommit(World.branch("labels@master"));
              return change.set();
            });

    assertThat(names(world.versions.set(set))).containsExactly("images", "labels", "joined");
    assertThat(world.resolve("joined@master").parent()).isEmpty();
  }

  @Test
  void aNewPipelineGetsACommitOfTheHeadsThatAreThere() {
    Commit put = world.put("images@master", "one");

    Ref.Branch edges = world.pipeline("edges", "images@master");

    assertThat(edges.head()).isEmpty();
    Commit derived = world.resolve("edges@master");
    assertThat(derived.isOpen()).isTrue();
    assertThat(derived.provenance()).containsExactly(new Commit.Source(put.name(), "master"));
    assertThat(derived.name().id()).isNotEqualTo(put.name().id());
  }

  @Test
  void movingAHeadBackMakesDownstreamCommitsThatNameTheOldCommit() {
    Commit one = world.put("images@master", "one");
    world.put("images@master", "two");
    world.pipeline("edges", "images@master");

    CommitId set =
        world.versions.change(
            World.ANN,
            change -> {
              change.moveHead(World.branch("images@master"), one.name());
              return change.set();
            });

    assertThat(names(world.versions.set(set))).containsExactly("edges");
    assertThat(world.versions.set(set).getFirst().provenance().getFirst().commit())
        .isEqualTo(one.name());
    assertThat(world.resolve("images@" + set)).isEqualTo(one);
  }

  @Test
  void aPipelineMayReadATagAndAPinnedCommitOfTheRepoItAlsoFollows() {
    Commit one = world.put("images@master", "one");
    Commit two = world.put("images@master", "two");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), one.name()));
    world.pipeline("edges", "images@master", "images@v1", "images@" + two.name().id());

    Commit three = world.put("images@master", "three");

    assertThat(world.versions.set(three.name().id()).get(1).provenance())
        .extracting(source -> source.commit().id())
        .containsExactly(three.name().id(), one.name().id(), two.name().id());
  }

  @Test
  void aBranchThatWouldMoveTwiceInATransactionIsRefusedAndNothingStays() {
    long before = world.versions.position();

    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                change -> {
                  change.putFinished(World.branch("images@master"), World.content("1"));
                  return change.putFinished(World.branch("images@master"), World.content("2"));
                }))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Conflict.class));

    assertThat(world.versions.position()).isEqualTo(before);
    assertThat(world.versions.findRef(World.branch("images@master"))).isEmpty();
  }

  @Test
  void usersCannotWriteToTheBranchOfAPipeline() {
    world.put("images@master", "one");
    world.pipeline("edges", "images@master");

    assertThatThrownBy(() -> world.start("edges@master"))
        .hasMessageContaining("is written by the pipeline `edges`");
    assertThatThrownBy(() -> world.files.write(World.ANN, World.branch("edges@master")))
        .hasMessageContaining("is written by the pipeline `edges`");
  }

  @Test
  void aCircleIsRefused() {
    world.pipeline("edges", "images@master");

    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                change ->
                    change.createBranch(
                        World.branch("images@master"),
                        Optional.empty(),
                        List.of(World.branch("edges@master")),
                        Optional.of("images"))))
        .hasMessageContaining("from its own repo");
  }

  @Test
  void twoBranchesOfOneRepoThatOneChangeWouldMoveAreRefused() {
    world.pipeline("edges", "images@master");

    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                change ->
                    change.createBranch(
                        World.branch("edges@other"),
                        Optional.empty(),
                        List.of(World.branch("images@master")),
                        Optional.of("other"))))
        .hasMessageContaining("one change makes one commit per repo");
  }
}
