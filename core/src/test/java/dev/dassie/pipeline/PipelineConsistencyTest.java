package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.metadata.Metadata;
import dev.dassie.version.Consistency.Gap;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records of pipelines that are missing are found and come back.
final class PipelineConsistencyTest {
  @TempDir Path folder;

  private static List<Gap> check(PipelineConsistency records) {
    List<Gap> gaps = new ArrayList<>();
    records.check(gaps::add);
    return gaps;
  }

  private static void delete(World world, Metadata.Key key) {
    boolean _ =
        world.metadata.write(rows -> {
          rows.delete(key);
          return true;
        });
  }

  @Test
  void eachOfTheTwoRecordsOfAVersionBringsTheOtherBack() {
    World world = new World(folder);
    RepoName images = new RepoName("default", "images");
    world.versions.change(World.ANN, change -> change.createRepo(images, ""));
    Pipelines pipelines = new Pipelines(world.versions, new Random(7));
    Draft draft =
        new Draft(
            Specs.spec("edges", Specs.files("images", "/*")),
            "text",
            Optional.empty(),
            Optional.empty());
    pipelines.create(World.ANN, List.of(draft));
    pipelines.update(World.ANN, List.of(draft), false);
    Pipeline edges = pipelines.inspect("default", "edges");
    PipelineConsistency records = new PipelineConsistency(world.versions);
    assertThat(check(records)).isEmpty();

    delete(world, new Metadata.Key(PipelineTable.NEWEST, "default/edges"));
    assertThat(check(records))
        .containsExactly(
            new Gap("default/edges", "", "The pipeline that writes the repo has no record."));
    assertThat(records.repair()).isEqualTo(1);
    assertThat(pipelines.inspect("default", "edges")).isEqualTo(edges);
    delete(world, new Metadata.Key(PipelineTable.VERSIONS, edges.specCommit().key()));
    assertThat(check(records))
        .hasSize(1)
        .allSatisfy(gap -> {
          assertThat(gap.repo()).isEqualTo("default/edges.spec");
          assertThat(gap.commit()).isEqualTo(edges.specCommit().id().value());
        });
    assertThat(records.repair()).isEqualTo(1);

    assertThat(check(records)).isEmpty();
  }
}
