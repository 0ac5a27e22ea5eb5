package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.metadata.Metadata.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
  private static final List<String> TABLES =
      List.of(
          Tables.REPO,
          Tables.REF,
          Tables.COMMIT,
          Tables.STUB,
          Tables.BY_REPO,
          Tables.BY_SET,
          Tables.CHILD,
          Tables.DERIVED,
          Tables.SUBSCRIBER,
          Tables.FINISHED,
          Tables.HEAD_OF,
          Tables.JOURNAL,
          Tables.JOURNAL_STATE);

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.createRepo("images");
  }

  private void deleteRepo(String name) {
    boolean _ =
        world.versions.change(
            World.ANN,
            change -> {
              change.deleteRepo(World.repo(name));
              return true;
            });
  }

  private void release(String name) {
    world.versions.change(World.ANN, change -> change.releaseBranch(World.branch(name)));
  }

  private List<String> rows() {
    List<String> names = new ArrayList<>();
    for (String table : TABLES) {
      for (Row row : world.metadata.read(rows -> rows.scan(table, "", "", 1000))) {
        names.add(table + " " + row.name());
      }
    }
    return names;
  }

  @Test
  void aDeletedRepoLeavesNoRow() {
    for (int i = 0; i < 700; i++) {
      world.put("images@master", "c" + i);
    }
    world.start("images@other");
    world.versions.change(
        World.ANN,
        change ->
            change.createTag(
                World.branch("images@v1"),
                change.head(World.branch("images@master")).orElseThrow()));

    deleteRepo("images");

    assertThat(rows()).isEmpty();
    assertThat(world.versions.findRepo(World.repo("images"))).isEmpty();
  }

  @Test
  void aRepoThatAPipelineReadsOrWritesIsNotDeleted() {
    world.pipeline("edges", "images@master");

    assertThatThrownBy(() -> deleteRepo("images"))
        .hasMessage("The repo `images` is read by the branch `edges@master`.");
    assertThatThrownBy(() -> deleteRepo("edges"))
        .hasMessage("The repo `edges` is written by the pipeline `edges`.");
  }

  @Test
  void aCommitThatProvenanceNamesStaysAsAStub() {
    Commit put = world.put("images@master", "one");
    Commit unused = world.put("images@other", "two");
    world.pipeline("edges", "images@master");
    Commit edges = world.finish(world.resolve("edges@master"), "edges");
    release("edges@master");

    deleteRepo("images");

    Stub stub = world.versions.stub(put.name()).orElseThrow();
    assertThat(stub.commit()).isEqualTo(put);
    assertThat(stub.deletedBy()).isEqualTo("local:ann");
    assertThat(stub.root()).contains(World.content("one").hash());
    assertThat(world.versions.stub(unused.name())).isEmpty();
    assertThat(world.versions.inspect(edges.name()).provenance().getFirst().commit())
        .isEqualTo(put.name());
    assertThatThrownBy(() -> world.versions.inspect(put.name()))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> assertThat(e.fault().hint().orElseThrow()).startsWith("`local:ann` deleted it"));
  }

  @Test
  void aChainOfDeletedReposKeepsTheWholeProvenance() {
    Commit put = world.put("images@master", "one");
    world.pipeline("edges", "images@master");
    Commit edges = world.finish(world.resolve("edges@master"), "edges");
    world.pipeline("last", "edges@master");
    world.finish(world.resolve("last@master"), "last");
    release("last@master");
    release("edges@master");

    deleteRepo("edges");
    deleteRepo("images");

    assertThat(world.versions.stub(edges.name())).isPresent();
    assertThat(world.versions.stub(put.name())).isPresent();
  }

  @Test
  void branchesAndTagsThatAreReadStay() {
    Commit put = world.put("images@master", "one");
    world.versions.change(
        World.ANN, change -> change.createTag(World.branch("images@v1"), put.name()));
    world.pipeline("edges", "images@master", "images@v1");

    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                Reply.DONE,
                change -> {
                  change.deleteBranch(World.branch("images@master"));
                  return true;
                }))
        .hasMessage("`images@master` is read by the branch `edges@master`.");
    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                Reply.DONE,
                change -> {
                  change.deleteTag(World.branch("images@v1"));
                  return true;
                }))
        .hasMessage("`images@v1` is read by the branch `edges@master`.");
  }

  @Test
  void aDeletedBranchKeepsItsCommits() {
    Commit put = world.put("images@master", "one");

    boolean _ =
        world.versions.change(
            World.ANN,
            Reply.DONE,
            change -> {
              change.deleteBranch(World.branch("images@master"));
              return true;
            });

    assertThat(world.versions.findRef(World.branch("images@master"))).isEmpty();
    assertThat(world.resolve("images@" + put.name().id())).isEqualTo(put);
  }

  @Test
  void aProjectWithReposStays() {
    world.versions.change(World.ANN, change -> change.createProject("lab", ""));
    world.versions.change(World.ANN, change -> change.createRepo(new RepoName("lab", "a"), ""));

    assertThatThrownBy(() ->
            world.versions.change(
                World.ANN,
                Reply.DONE,
                change -> {
                  change.deleteProject("lab");
                  return true;
                }))
        .hasMessage("The project `lab` has repos, `lab/a` for one.");
    assertThat(world.versions.repos(Optional.of("lab"), Optional.empty(), "", 10).items())
        .hasSize(1);
  }
}
