package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that are interrupted: restarts, stops, updates, limits, and keys that run elsewhere (D5,
/// D10).
@Timeout(60)
class RestartTest {
  @TempDir Path folder;
  private Lab lab;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    lab.executor.code(
        "gated",
        files -> {
          if (files.containsKey("in/slow")) {
            inside.countDown();
            try {
              gate.await();
            } finally {
              left.countDown();
            }
          }
          if (files.containsValue("bad")) {
            throw new CodeExecutor.Fails("no");
          }
          return files;
        });
  }

  @AfterEach
  void close() {
    gate.countDown();
    lab.close();
  }

  private JobName slowJob() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "gated", Lab.files("in", "/*")));
    lab.put("in", "a", "1", "b", "bad", "slow", "3");
    JobName name = lab.newestName("edges");
    inside.await();
    lab.until(() -> ended(name) == 2);
    return name;
  }

  private long ended(JobName name) {
    return lab.jobs().inspect(name).datums().ended();
  }

  @Test
  void aNewSchedulerGoesOnAndRunsNothingThatWasRecorded() throws InterruptedException {
    JobName name = slowJob();
    lab.executor.ran.clear();

    // The old one is left running, as a server that lost its place without knowing.
    Scheduler old = lab.restart();
    lab.until(() -> lab.executor.ran.size() == 1);
    gate.countDown();
    Job job = lab.jobs().await(name, Duration.ofSeconds(30));

    assertThat(lab.executor.ran).hasSize(1);
    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.datums()).isEqualTo(new Job.Counts(3, 2, 0, 1, 0));
    old.close();
  }

  @Test
  void aResultUnderALeaseThatIsNotTheNewestIsRefused() throws InterruptedException {
    JobName name = slowJob();
    long before = lab.world.metadata.read(rows -> Leases.current(rows, name)).orElseThrow();
    Scheduler old = lab.restart();
    lab.until(() ->
        !lab.world.metadata.read(rows -> Leases.current(rows, name)).equals(Optional.of(before)));

    Recorder recorder = new Recorder(lab.world.metadata, lab.results);
    dev.dassie.content.Digest key = dev.dassie.content.Digest.of(new byte[] {1});
    CountDownLatch refused = new CountDownLatch(1);
    recorder.add(
        new Recorder.Ended(
            name,
            before,
            key,
            new Result(
                key, new Ending.Succeeded(dev.dassie.fileset.Filesets.EMPTY, java.util.List.of())),
            new Recorder.Answer() {
              @Override
              public void recorded(dev.dassie.content.Digest one, Result result) {}

              @Override
              public void refused(dev.dassie.content.Digest one, Optional<DassieException> why) {
                refused.countDown();
              }
            }));
    refused.await();

    assertThat(lab.results.find(key)).isEmpty();
    recorder.close();
    gate.countDown();
    old.close();
  }

  @Test
  void aClosedSchedulerLeavesItsJobToTheNext() throws InterruptedException {
    JobName name = slowJob();

    lab.restart().close();
    lab.until(() -> lab.executor.ran.size() == 4);
    gate.countDown();

    assertThat(lab.jobs().await(name, Duration.ofSeconds(30)).datums())
        .isEqualTo(new Job.Counts(3, 2, 0, 1, 0));
  }

  @Test
  void aStoppedJobFailsItsCommitAndKeepsWhatFinished() throws InterruptedException {
    JobName name = slowJob();

    Job stopped = lab.jobs().stop(new Call("local:ann", "too slow"), name);

    assertThat(stopped.state()).isEqualTo(Job.State.STOPPED);
    assertThat(stopped.reason()).isEqualTo("`local:ann` stopped the job: too slow.");
    assertThat(lab.world.versions.inspect(name.output()).state()).isInstanceOf(Commit.Failed.class);
    assertThatThrownBy(() -> lab.jobs().stop(Call.SYSTEM, name)).hasMessageContaining("ended");
    // A datum that came to its end before it is interrupted would be recorded.
    left.await();
    gate.countDown();
    lab.executor.ran.clear();
    lab.put("in", "b", "2");
    Job next = lab.newest("edges");
    assertThat(next.reason()).isEmpty();
    assertThat(lab.executor.ran).hasSize(2);
    assertThat(next.datums()).isEqualTo(new Job.Counts(3, 2, 1, 0, 0));
  }

  @Test
  void anUpdateOfThePipelineStopsItsJob() throws InterruptedException {
    JobName name = slowJob();

    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    Job next = lab.newest("edges");

    assertThat(lab.jobs().inspect(name).state()).isEqualTo(Job.State.STOPPED);
    assertThat(lab.jobs().inspect(name).reason()).contains("updated to version");
    assertThat(next.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(lab.read("edges")).containsOnlyKeys("a", "b", "slow");
  }

  @Test
  void aJobThatRunsTooLongFailsAndSaysSo() throws InterruptedException {
    lab.pipeline(
        Lab.timeout(Lab.spec("edges", "gated", Lab.files("in", "/*")), Duration.ofMillis(300)));
    lab.put("in", "a", "1", "slow", "3");

    Job job = lab.newest("edges");

    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).contains("jobTimeout");
    assertThat(job.datums().success()).isEqualTo(1);
  }

  @Test
  void aKeyThatRunsInAnotherJobIsWaitedForAndNotRunTwice() throws InterruptedException {
    lab.pipeline(Lab.spec("one", "gated", Lab.files("in", "/*")));
    lab.pipeline(Lab.spec("two", "gated", Lab.files("in", "/*")));
    lab.put("in", "slow", "1");
    inside.await();
    JobName first = lab.newestName("one");
    JobName second = lab.newestName("two");
    lab.until(() ->
        lab.jobs().inspect(first).state() == Job.State.RUNNING
            && lab.jobs().inspect(second).state() == Job.State.RUNNING);

    gate.countDown();

    assertThat(lab.ended(first).state()).isEqualTo(Job.State.SUCCESS);
    assertThat(lab.ended(second).state()).isEqualTo(Job.State.SUCCESS);
    assertThat(lab.executor.ran).hasSize(1);
    assertThat(lab.executor.doubled).isEmpty();
    assertThat(lab.read("two")).isEqualTo(Map.of("in/slow", "1"));
  }

  @Test
  void jobsOfOnePipelineRunInOrderAndSayWhatTheyWaitFor() throws InterruptedException {
    JobName first = slowJob();
    lab.put("in", "c", "3");
    JobName second = lab.newestName("edges");
    lab.until(() -> lab.world.metadata.read(rows -> JobTable.find(rows, second)).isPresent());

    assertThat(lab.jobs().inspect(second).state()).isEqualTo(Job.State.WAITING);
    assertThat(lab.jobs().inspect(second).reason()).contains("older job").contains(first.id() + "");

    gate.countDown();
    assertThat(lab.ended(first).state()).isEqualTo(Job.State.FAILED);
    assertThat(lab.ended(second).datums().total()).isEqualTo(4);
  }

  @Test
  void aJobWaitsForItsOpenInputAndNamesIt() throws InterruptedException {
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    Commit open =
        lab.world.versions.change(Lab.ANN, change -> change.startCommit(Lab.master("in")));
    JobName name = lab.newestName("edges");
    lab.until(() -> lab.world.metadata.read(rows -> JobTable.find(rows, name)).isPresent());

    Job job = lab.jobs().inspect(name);

    assertThat(job.state()).isEqualTo(Job.State.WAITING);
    assertThat(job.reason()).contains(open.name().toString());
    lab.world.files.finish(Lab.ANN, open.name());
    assertThat(lab.ended(name).state()).isEqualTo(Job.State.SUCCESS);
  }
}
