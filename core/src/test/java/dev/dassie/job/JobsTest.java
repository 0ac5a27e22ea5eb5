package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs from end to end: D3 to D6.
@Timeout(60)
class JobsTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aJobRunsEachDatumAndItsOutputIsWhatTheyWrote() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");

    Job job = lab.newest("edges");

    assertThat(job.reason()).isEmpty();
    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.datums()).isEqualTo(new Job.Counts(2, 2, 0, 0, 0));
    assertThat(lab.read("edges")).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(job.author()).isEqualTo("local:ann");
    assertThat(job.inputs().getFirst().commit()).isPresent();
  }

  @Test
  void aJobOfTooManyDatumsFailsAndSaysHowMany() throws InterruptedException {
    lab.repoNamed("other");
    Input cross = new Input.Cross(List.of(Lab.files("in", "/*"), Lab.files("other", "/*")));
    lab.put("in", "a", "1", "b", "2", "c", "3");
    lab.put("other", "d", "1", "e", "2");
    lab.limit = new DatumLimit(5);
    String sentence =
        "The number of datums of the input is `6`, expected at most 5: raise `job_datums` in the"
            + " configuration of the server, or narrow the globs.";
    PipelineSpec spec = Lab.spec("pairs", "copy", cross);
    Trials.Request trial =
        new Trials.Request(new Trials.Version(spec, Optional.empty()), Optional.empty(), 1, "ann");
    Previews previews = new Previews(lab.world.versions, lab.results, lab.recipes(), lab.executor);

    lab.pipeline(spec);
    Job job = lab.newest("pairs");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).isEqualTo(sentence);
    assertThatThrownBy(() -> previews.of(spec, Optional.empty())).hasMessage(sentence);
    assertThatThrownBy(() -> lab.trials().run(trial)).hasMessage(sentence);
    assertThat(lab.executor.ran).isEmpty();
  }

  @Test
  void onlyTheDatumThatChangedRunsAgain() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2", "c", "3");
    lab.newest("edges");
    lab.executor.ran.clear();

    lab.put("in", "b", "4");
    Job job = lab.newest("edges");

    assertThat(lab.executor.ran).hasSize(1);
    assertThat(job.datums()).isEqualTo(new Job.Counts(3, 1, 2, 0, 0));
    assertThat(lab.read("edges")).isEqualTo(Map.of("a", "1", "b", "4", "c", "3"));
  }

  @Test
  void removingAnInputRemovesExactlyWhatItsDatumWrote() throws InterruptedException {
    lab.executor.code(
        "two",
        files -> {
          String path = files.keySet().iterator().next();
          return Map.of(path + ".x", "x", path + ".y", "y");
        });
    lab.pipeline(Lab.spec("edges", "two", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "2");
    lab.newest("edges");

    lab.delete("in", "a");
    Job job = lab.newest("edges");

    assertThat(job.datums()).isEqualTo(new Job.Counts(1, 0, 1, 0, 0));
    assertThat(lab.read("edges").keySet()).containsExactly("in/b.x", "in/b.y");
  }

  @Test
  void revertingAnInputRunsNothing() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    Commit first = lab.put("in", "a", "1", "b", "2");
    lab.newest("edges");
    lab.put("in", "a", "9");
    lab.newest("edges");
    lab.executor.ran.clear();

    lab.world.versions.change(
        Lab.ANN,
        change -> {
          change.moveHead(Lab.master("in"), first.name());
          return true;
        });
    Job job = lab.newest("edges");

    assertThat(lab.executor.ran).isEmpty();
    assertThat(job.datums()).isEqualTo(new Job.Counts(2, 0, 2, 0, 0));
    assertThat(lab.read("edges")).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void anotherPipelineWithTheSameComputationReusesTheResults() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    Job first = lab.newest("edges");
    lab.executor.ran.clear();

    lab.pipeline(Lab.spec("again", "copy", Lab.files("in", "/*")));
    Job job = lab.newest("again");

    assertThat(lab.executor.ran).isEmpty();
    assertThat(lab.read("again")).isEqualTo(Map.of("a", "1"));
    DatumView datum = lab.jobs().datums(job.name(), Optional.empty(), "", 10).items().getFirst();
    assertThat(datum.state()).isEqualTo(DatumView.State.SKIPPED);
    assertThat(datum.madeBy()).contains(first.name());
  }

  @Test
  void afterAFailureOnlyTheFailedDatumRunsAgain() throws InterruptedException {
    boolean[] broken = {true};
    lab.executor.code(
        "picky",
        files -> {
          if (broken[0] && files.containsValue("bad")) {
            throw new CodeExecutor.Fails("exit code 1");
          }
          return files;
        });
    lab.pipeline(Lab.spec("edges", "picky", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "bad", "c", "3");

    Job failed = lab.newest("edges");

    assertThat(failed.state()).isEqualTo(Job.State.FAILED);
    assertThat(failed.reason()).contains("`in:/b`").contains("exit code 1");
    assertThat(failed.datums()).isEqualTo(new Job.Counts(3, 2, 0, 1, 0));
    assertThat(lab.world.versions.inspect(failed.name().output()).state())
        .isInstanceOf(Commit.Failed.class);
    List<DatumView> views =
        lab.jobs().datums(failed.name(), Optional.of(DatumView.State.FAILED), "", 10).items();
    assertThat(views).hasSize(1);
    assertThat(views.getFirst().exitCode()).contains(1);

    broken[0] = false;
    lab.executor.ran.clear();
    lab.put("in", "d", "4");
    Job good = lab.newest("edges");

    assertThat(good.reason()).isEmpty();
    assertThat(good.datums()).isEqualTo(new Job.Counts(4, 2, 2, 0, 0));
    assertThat(lab.executor.ran).hasSize(2);
    assertThat(lab.read("edges").keySet()).containsExactly("in/a", "in/b", "in/c", "in/d");
  }

  @Test
  void aRecoveredDatumHasNoOutputAndIsTriedAgainByTheNextJob() throws InterruptedException {
    boolean[] broken = {true};
    lab.executor.code(
        "picky",
        files -> {
          if (broken[0] && files.containsValue("bad")) {
            throw new CodeExecutor.Recovers();
          }
          return files;
        });
    lab.pipeline(Lab.spec("edges", "picky", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "bad");
    Job first = lab.newest("edges");
    assertThat(first.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(first.datums()).isEqualTo(new Job.Counts(2, 1, 0, 0, 1));
    assertThat(lab.read("edges").keySet()).containsExactly("in/a");

    broken[0] = false;
    lab.executor.ran.clear();
    lab.put("in", "c", "3");
    Job second = lab.newest("edges");

    assertThat(second.datums()).isEqualTo(new Job.Counts(3, 2, 1, 0, 0));
    assertThat(lab.executor.ran).hasSize(2);
    assertThat(lab.read("edges").keySet()).containsExactly("in/a", "in/b", "in/c");
  }

  @Test
  void everyJobReusesNothing() throws InterruptedException {
    lab.pipeline(Lab.everyJob(Lab.spec("edges", "copy", Lab.files("in", "/*"))));
    lab.put("in", "a", "1", "b", "2");
    lab.newest("edges");

    lab.put("in", "c", "3");
    Job job = lab.newest("edges");

    assertThat(job.datums()).isEqualTo(new Job.Counts(3, 3, 0, 0, 0));
    assertThat(lab.executor.ran).hasSize(5);
  }

  @Test
  void aChainOfPipelinesRunsInOneCommitSetAndAFailureMakesTheRestUnrunnable()
      throws InterruptedException {
    lab.executor.code(
        "fail",
        files -> {
          throw new CodeExecutor.Fails("no");
        });
    lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("two", "fail", Lab.files("one", "/*")));
    lab.pipeline(Lab.spec("three", "copy", Lab.files("two", "/*")));
    Commit put = lab.put("in", "a", "1");

    Job three = lab.ended(new JobName("default", "three", put.name().id()));
    Job two = lab.ended(new JobName("default", "two", put.name().id()));

    assertThat(two.state()).isEqualTo(Job.State.FAILED);
    assertThat(three.state()).isEqualTo(Job.State.UNRUNNABLE);
    assertThat(three.reason()).contains("two@").contains("failed");
    assertThat(lab.jobs().list("default", Optional.empty(), Optional.empty(), "", 100).items())
        .extracting(job -> job.name().pipeline())
        .contains("one", "two", "three");
  }

  @Test
  void anEnvironmentThatIsNotThereFailsTheJobInASentence() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "missing", Lab.files("in", "/*")));
    lab.put("in", "a", "1");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).isEqualTo("No program is named `missing`.");
  }

  @Test
  void anExecutorThatBreaksFailsTheJobAndTheNextOneGoesOn() throws InterruptedException {
    lab.executor.code(
        "break",
        files -> {
          if (files.containsValue("break")) {
            throw new IllegalStateException("broken");
          }
          return files;
        });
    lab.pipeline(Lab.spec("edges", "break", Lab.files("in", "/*")));
    lab.put("in", "a", "break");
    Job job = lab.newest("edges");
    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).contains("The executor `code` failed").contains("broken");

    lab.put("in", "a", "good");

    assertThat(lab.newest("edges").state()).isEqualTo(Job.State.SUCCESS);
  }

  @Test
  void zeroDatumsSucceedWithAnEmptyOutput() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*.txt")));
    lab.put("in", "a", "1");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.datums()).isEqualTo(Job.Counts.NONE);
    assertThat(lab.read("edges")).isEmpty();
  }

  @Test
  void aDatumThatHangsIsRestarted() throws Exception {
    java.util.concurrent.CountDownLatch inside = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.atomic.AtomicInteger runs =
        new java.util.concurrent.atomic.AtomicInteger();
    lab.executor.code(
        "hangs",
        files -> {
          if (runs.incrementAndGet() == 1) {
            inside.countDown();
            new java.util.concurrent.CountDownLatch(1).await();
          }
          return Map.of("out", "done");
        });
    lab.repoNamed("stuck");
    lab.put("stuck", "a", "1");
    lab.pipeline(Lab.spec("hanging", "hangs", Lab.files("stuck", "/*")));
    inside.await();
    JobName name = lab.newestName("hanging");
    String id = lab.jobs().datums(name, Optional.empty(), "", 1).items().getFirst().id();

    DatumView _ = lab.jobs().restart(name, id);
    Job job = lab.newest("hanging");

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(runs).hasValue(2);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> lab.jobs().restart(name, id))
        .hasMessageContaining("does not run now");
  }
}
