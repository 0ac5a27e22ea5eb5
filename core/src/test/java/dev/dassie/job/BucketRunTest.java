package dev.dassie.job;

import static dev.dassie.job.Lab.files;
import static dev.dassie.job.Lab.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.bucket.Grant;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.scratch.Scratch;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs whose code reads and writes buckets.
class BucketRunTest {
  private static final Running TO_BUCKET = new Running.OnDatums(false, Optional.empty(), true);

  @TempDir Path folder;
  private Lab lab;

  /// The text that the code of the last run read in its bucket `words`.
  private final AtomicReference<Map<String, String>> read = new AtomicReference<>(Map.of());

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.jobs().grants().serve(URI.create("http://127.0.0.1:7341"));
    lab.repoNamed("words");
    lab.executor.code(
        "count",
        files -> {
          assertThat(files).isEmpty();
          read.set(lab.text(grant().inputs().get("words").files()));
          read.get().forEach((path, text) -> write(path + ".length", "" + text.length()));
          return Map.of();
        });
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static Input.Files bucket(String repo) {
    return files(repo, "/").with("/", true);
  }

  private static PipelineSpec counting() {
    return spec("counts", "count", bucket("words")).with(TO_BUCKET);
  }

  private Grant grant() {
    return lab.jobs().grants().find(lab.executor.variables.get("AWS_ACCESS_KEY_ID")).orElseThrow();
  }

  private void write(String path, String text) {
    Scratch out = grant().out().orElseThrow();
    try (FileWriter writer = out.writer(Lab.ANN, out.branch())) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      writer.put(
          new FilePath(path), false, new ByteArrayInputStream(bytes), false, Optional.empty());
      Commit _ = writer.commit();
    }
  }

  @Test
  void whatTheCodeWroteToItsBucketIsTheOutput() throws Exception {
    lab.pipeline(counting());
    Commit input = lab.put("words", "a", "ant", "b", "bee!");

    Job job = lab.newest("counts");

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.datums()).isEqualTo(new Job.Counts(1, 1, 0, 0, 0));
    assertThat(lab.read("counts")).isEqualTo(Map.of("a.length", "3", "b.length", "4"));
    assertThat(lab.executor.variables)
        .containsEntry("S3_ENDPOINT", "http://127.0.0.1:7341")
        .containsEntry("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:7341")
        .containsEntry("words", "s3://words")
        .containsEntry("words_COMMIT", input.name().id().value())
        .doesNotContainKey("AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void aBucketShowsTheCommitOfTheJobWhateverTheBranchDoes() throws Exception {
    AtomicReference<Boolean> first = new AtomicReference<>(true);
    lab.executor.code(
        "late",
        files -> {
          if (first.getAndSet(false)) {
            Commit _ = lab.put("words", "a", "changed meanwhile", "c", "new");
          }
          write("seen", lab.text(grant().inputs().get("words").files()).toString());
          return Map.of();
        });
    lab.pipeline(spec("late", "late", bucket("words")).with(TO_BUCKET));
    Commit input = lab.put("words", "a", "ant");

    Job job = lab.ended(new JobName("default", "late", input.name().id()));

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    Commit output = lab.world.versions.inspect(job.name().output());
    assertThat(lab.text(output.finishedFiles().orElseThrow())).isEqualTo(Map.of("seen", "{a=ant}"));
  }

  @Test
  void equalContentIsNotReadAgainAndOtherContentIs() throws Exception {
    lab.pipeline(counting());
    Commit _ = lab.put("words", "a", "ant");
    assertThat(lab.newest("counts").datums().success()).isOne();
    Commit _ = lab.put("words", "b", "bee");
    assertThat(lab.newest("counts").datums().success()).isOne();
    assertThat(lab.read("counts")).containsOnlyKeys("a.length", "b.length");

    Commit _ = lab.delete("words", "b");

    assertThat(lab.newest("counts").datums()).isEqualTo(new Job.Counts(1, 0, 1, 0, 0));
    assertThat(lab.read("counts")).isEqualTo(Map.of("a.length", "3"));
    assertThat(lab.executor.ran).hasSize(2);
  }

  @Test
  void codeThatFailsLeavesNothingAndItsKeyDiesWithTheJob() throws Exception {
    AtomicReference<String> key = new AtomicReference<>("");
    lab.executor.code(
        "fail",
        files -> {
          write("half", "done");
          key.set(grant().id());
          throw new CodeExecutor.Fails("no");
        });
    lab.pipeline(spec("fails", "fail", bucket("words")).with(TO_BUCKET));
    Commit _ = lab.put("words", "a", "ant");

    Job job = lab.newest("fails");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(lab.world.versions.newestFinished(Lab.master("fails"))).isEmpty();
    lab.until(() -> lab.jobs().grants().find(key.get()).isEmpty());
    assertThat(lab.world.versions.repos(Optional.empty(), Optional.empty(), "", 99).items())
        .extracting(repo -> repo.name().name())
        .containsOnly("words", "fails");
  }

  @Test
  void theOutputOfFilesAndThatOfABucketAreTwoComputations() throws Exception {
    lab.executor.code(
        "both",
        files -> {
          if (grant().writes()) {
            write("from", "bucket");
          }
          return Map.of("from", "folder");
        });
    PipelineSpec toFolder = spec("both", "both", bucket("words"));
    lab.pipeline(toFolder);
    Commit _ = lab.put("words", "a", "ant");
    assertThat(lab.newest("both").datums().success()).isOne();
    assertThat(lab.read("both")).isEqualTo(Map.of("from", "folder"));

    lab.pipeline(toFolder.with(TO_BUCKET));
    Job _ = lab.newest("both");

    assertThat(lab.read("both")).isEqualTo(Map.of("from", "bucket"));
  }

  @Test
  void everyDatumOfACrossHasTheBucketWhole() throws Exception {
    lab.repoNamed("images");
    lab.executor.code(
        "cross",
        files -> {
          String path = files.keySet().iterator().next();
          String words = lab.text(grant().inputs().get("words").files()).toString();
          return Map.of(path.substring(path.indexOf('/') + 1), words);
        });
    lab.pipeline(
        spec("cross", "cross", new Input.Cross(List.of(bucket("words"), files("images", "/*")))));
    Commit _ = lab.put("words", "a", "ant");
    Commit _ = lab.put("images", "x", "1", "y", "2");

    Job job = lab.newest("cross");

    assertThat(job.datums().success()).isEqualTo(2);
    assertThat(lab.read("cross")).isEqualTo(Map.of("x", "{a=ant}", "y", "{a=ant}"));
  }

  @Test
  void aTrialHasBucketsTooAndItsResultIsThatOfTheJob() throws Exception {
    Commit _ = lab.put("words", "a", "ant");
    Trials.Version version = new Trials.Version(counting(), Optional.empty());

    Trial.Outcome outcome;
    try (Trial trial =
        lab.trials().run(new Trials.Request(version, Optional.empty(), 10, "local:ann"))) {
      outcome = trial.next(Duration.ofSeconds(60)).orElseThrow();
    }

    assertThat(lab.text(outcome.output().orElseThrow())).isEqualTo(Map.of("a.length", "3"));
    lab.pipeline(counting());
    Job _ = lab.newest("counts");
    assertThat(lab.executor.ran).hasSize(1);
    assertThat(lab.read("counts")).isEqualTo(Map.of("a.length", "3"));
  }

  @Test
  void aServerWithoutTheS3ApiSaysSo() throws Exception {
    Scheduler old = lab.restart();
    old.close();
    lab.pipeline(counting());
    Commit _ = lab.put("words", "a", "ant");

    Job job = lab.newest("counts");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason())
        .isEqualTo("The code reads or writes through S3, and this server has no S3 API.");
  }
}
