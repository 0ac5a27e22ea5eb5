package dev.dassie;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.NoOutsides;
import dev.dassie.content.Packs;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.CodeExecutor;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Lab;
import dev.dassie.lineage.Step;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.IdSource;
import dev.dassie.version.RepoName;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole of core together: pipelines of the pipeline room run as jobs and are explained.
@Timeout(60)
class DassieTest {
  private static final Call ANN = new Call("local:ann", "");
  private static final RepoName IN = new RepoName("default", "in");

  @TempDir Path folder;
  private Packs packs;
  private CodeExecutor executor;
  private Dassie dassie;

  @BeforeEach
  void open() {
    packs = new Packs(new MemoryObjectStore(), folder.resolve("index"));
    executor = new CodeExecutor(packs, folder);
    dassie =
        new Dassie(
            new MemoryMetadata(),
            packs,
            new NoOutsides(),
            executor,
            dev.dassie.job.Outlet.NONE,
            dev.dassie.pipeline.DatumLimit.NONE,
            dev.dassie.version.multipart.UploadLimits.USUAL,
            folder,
            folder.resolve("secret.key"),
            InstantSource.system(),
            IdSource.of(new Random(1)),
            new Random(2));
    dassie.start();
    dassie.versions().change(ANN, change -> change.createRepo(IN, ""));
  }

  @AfterEach
  void close() {
    dassie.close();
    packs.close();
  }

  private static Draft draft(PipelineSpec spec) {
    return new Draft(spec, "{}", Optional.empty(), Optional.empty());
  }

  private Commit put(String path, String text) {
    try (FileWriter writer = dassie.files().write(ANN, new BranchName(IN, "master"))) {
      writer.put(
          new FilePath(path),
          false,
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
          false,
          Optional.empty());
      return writer.commit();
    }
  }

  private Job newest(String pipeline) throws InterruptedException {
    Commit head = dassie.versions().resolve("default", pipeline + "@master");
    Commit _ = dassie.versions().wait(head.name(), Duration.ofSeconds(30));
    return dassie
        .jobs()
        .await(new JobName("default", pipeline, head.name().id()), Duration.ofSeconds(30));
  }

  @Test
  void aPipelineThatIsCreatedOverDataRunsAndIsExplained() throws InterruptedException {
    put("a", "1");
    dassie
        .pipelines()
        .create(ANN, List.of(draft(Lab.spec("edges", "copy", Lab.files("in", "/*")))));

    Job job = newest("edges");

    assertThat(job.reason()).isEmpty();
    assertThat(job.specVersion()).isEqualTo(1);
    List<Step> steps = new ArrayList<>();
    dassie
        .lineage()
        .why(dassie.versions().resolve("default", "edges@master"), new FilePath("a"))
        .forEachRemaining(steps::add);
    assertThat(steps).hasSize(2);
    Step.ByDatum datum = (Step.ByDatum) steps.getFirst().made();
    assertThat(datum.code().spec().repo().local()).isEqualTo("edges.spec");
    assertThat(datum.code().author()).isEqualTo("local:ann");
  }

  @Test
  void anUpdateWithTheSameComputationRunsNothingUnlessReprocessing() throws InterruptedException {
    put("a", "1");
    Draft draft = draft(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    dassie.pipelines().create(ANN, List.of(draft));
    newest("edges");

    dassie.pipelines().update(ANN, List.of(draft), false);
    assertThat(newest("edges").datums()).isEqualTo(new Job.Counts(1, 0, 1, 0, 0));

    dassie.pipelines().update(ANN, List.of(draft), true);
    Job third = newest("edges");
    assertThat(third.datums()).isEqualTo(new Job.Counts(1, 1, 0, 0, 0));
    assertThat(third.specVersion()).isEqualTo(3);
  }

  @Test
  void deletingAPipelineStopsItsJob() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    executor.code(
        "forever",
        files -> {
          inside.countDown();
          new CountDownLatch(1).await();
          return Map.of();
        });
    dassie
        .pipelines()
        .create(ANN, List.of(draft(Lab.spec("edges", "forever", Lab.files("in", "/*")))));
    Commit put = put("a", "1");
    inside.await();

    dassie.pipelines().delete(ANN, "default", "edges", false);

    Job job =
        dassie
            .jobs()
            .await(new JobName("default", "edges", put.name().id()), Duration.ofSeconds(30));
    assertThat(job.state()).isEqualTo(Job.State.STOPPED);
  }

  @Test
  void aStoppedPipelineRunsNothingUntilItIsStarted() throws InterruptedException {
    dassie
        .pipelines()
        .create(ANN, List.of(draft(Lab.spec("edges", "copy", Lab.files("in", "/*")))));
    put("a", "1");
    newest("edges");
    dassie.pipelines().stop(ANN, "default", "edges");
    put("b", "2");
    put("c", "3");

    dassie.pipelines().start(ANN, "default", "edges");
    Job job = newest("edges");

    assertThat(job.datums()).isEqualTo(new Job.Counts(3, 2, 1, 0, 0));
  }
}
