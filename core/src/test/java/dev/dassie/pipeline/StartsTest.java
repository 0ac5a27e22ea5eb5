package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import dev.dassie.version.trigger.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What starts jobs.
final class StartsTest {
  private static final Call ANN = World.ANN;

  @TempDir Path folder;
  private World world;
  private Pipelines pipelines;

  @BeforeEach
  void open() {
    world = new World(folder);
    pipelines = new Pipelines(world.versions, new Random(7));
    repo("images");
    put("images");
  }

  @Test
  void aBranchThatIsReadQuietlyStartsNoJobUntilAnUpdateReadsItAloud() {
    repo("table");
    put("table");
    Input.Files quiet = never("table");
    Input input = new Input.Cross(List.of(Specs.files("images", "/*"), quiet));
    pipelines.create(ANN, List.of(draft(Specs.spec("edges", input))));
    CommitName before = head("edges").name();

    put("table");
    CommitName after = head("edges").name();
    Input twice = new Input.Union(List.of(Specs.files("table", "/*"), quiet));
    pipelines.update(ANN, List.of(draft(Specs.spec("edges", twice))), false);
    CommitName updated = head("edges").name();
    put("table");

    assertThat(after).isEqualTo(before);
    assertThat(head("edges").name()).isNotEqualTo(updated);
  }

  private static Input.Files never(String repo) {
    Input.Files files = Specs.files(repo, "/");
    return new Input.Files(
        files.name(),
        files.branch(),
        files.glob(),
        false,
        false,
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Starts.NEVER);
  }

  @Test
  void anInputWithATriggerHasABranchThatComesAndGoesWithThePipeline() {
    BranchName follows = new BranchName(new RepoName("default", "images"), "edges-trigger-1");
    Trigger trigger =
        new Trigger(
            "master", Optional.empty(), Optional.of(2L), Optional.empty(), Optional.empty(), false);
    Input.Files input =
        new Input.Files(
            "images",
            follows,
            "/*",
            false,
            false,
            false,
            Optional.empty(),
            false,
            Optional.empty(),
            new Starts(false, Optional.of(trigger), Optional.empty()));
    pipelines.create(ANN, List.of(draft(Specs.spec("edges", input))));

    put("images");
    assertThat(world.versions.branch(Specs.master("edges")).head()).isEmpty();
    pipelines.update(ANN, List.of(draft(Specs.spec("edges", input))), false);
    put("images");
    assertThat(head("edges").provenance())
        .contains(
            new Commit.Source(
                world.versions.resolve("default", "images@master").name(), "edges-trigger-1"));
    pipelines.delete(ANN, "default", "edges", false);

    assertThat(world.versions.findRef(follows)).isEmpty();
  }

  private void repo(String name) {
    world.versions.change(ANN, change -> change.createRepo(new RepoName("default", name), ""));
  }

  private void put(String repo) {
    world.versions.change(ANN, change -> change.putFinished(Specs.master(repo), Filesets.EMPTY));
  }

  private Commit head(String repo) {
    return world.versions.resolve("default", repo + "@master");
  }

  private static Draft draft(PipelineSpec spec) {
    return new Draft(spec, "text", Optional.empty(), Optional.empty());
  }
}
