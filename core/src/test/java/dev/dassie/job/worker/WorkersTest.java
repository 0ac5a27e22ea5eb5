package dev.dassie.job.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Ending;
import dev.dassie.job.Job;
import dev.dassie.job.Lab;
import dev.dassie.job.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workers outside of the server, over the calls that it answers.
@Timeout(120)
class WorkersTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  /// Files with texts of which every second one is too long to stand in its entry.
  private static String[] files(int count) {
    String[] files = new String[2 * count];
    for (int i = 0; i < count; i++) {
      files[2 * i] = "f%03d".formatted(i);
      files[2 * i + 1] = ("text " + i + "\n").repeat(i % 2 == 0 ? 1 : 40);
    }
    return files;
  }

  private static Map<String, String> map(String[] files) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < files.length; i += 2) {
      map.put(files[i], files[i + 1]);
    }
    return map;
  }

  private static void copies(Lab lab) {
    lab.repoNamed("in");
    lab.pipeline(Lab.spec("copies", "copy", Lab.files("in", "/*")));
  }

  private static Ending ended() {
    return new Ending.Succeeded(
        Filesets.EMPTY,
        List.of(new Ending.Try(0, Optional.empty(), Body.Inline.EMPTY, Instant.EPOCH, 1, 1, 1, 1)));
  }

  private static Results results(List<Task.Item> items, boolean end) {
    List<Results.One> ones =
        items.stream().map(item -> new Results.One(item.key(), ended())).toList();
    return new Results(List.of(), List.of(), ones, end, Optional.empty(), Optional.empty());
  }

  @Test
  void workersMakeTheOutputThatTheServerMakesAlone() throws InterruptedException {
    String[] files = files(60);
    try (Gang gang = new Gang(folder.resolve("two"), 0);
        Lab alone = new Lab(folder.resolve("alone"))) {
      Gang.Running one = gang.start("one", 1);
      Gang.Running two = gang.start("two", 1);
      copies(gang.lab);
      copies(alone);
      gang.lab.put("in", files);
      alone.put("in", files);

      Job job = gang.lab.newest("copies");
      Job expected = alone.newest("copies");

      assertThat(job.datums()).isEqualTo(expected.datums());
      assertThat(gang.lab.read("copies")).isEqualTo(map(files));
      assertThat(gang.lab.head("copies")).isEqualTo(alone.head("copies"));
      List<String> ran = new ArrayList<>(one.executor.ran);
      ran.addAll(two.executor.ran);
      assertThat(ran).hasSize(60).doesNotHaveDuplicates();
      assertThat(gang.lab.executor.ran).isEmpty();
    }
  }

  @Test
  void theServerRunsDatumsBesideItsWorkersAndWithoutAny() throws InterruptedException {
    try (Gang gang = new Gang(folder, 1)) {
      copies(gang.lab);
      gang.lab.put("in", files(4));
      Job first = gang.lab.newest("copies");
      Gang.Running one = gang.start("one", 1);
      CountDownLatch both = new CountDownLatch(2);
      for (var executor : List.of(gang.lab.executor, one.executor)) {
        executor.code(
            "meet",
            in -> {
              both.countDown();
              both.await();
              return Map.of();
            });
      }

      gang.lab.pipeline(Lab.spec("meets", "meet", Lab.files("in", "/f00[01]")));
      Job second = gang.lab.newest("meets");

      assertThat(first.datums().success()).isEqualTo(4);
      assertThat(second.datums().success()).isEqualTo(2);
      assertThat(one.executor.ran).hasSize(1);
    }
  }

  @Test
  void aSilentWorkerLosesItsDatumsAndWhatItReportsLateIsRefused() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      Workers workers = gang.workers;
      String silent = workers.join(Gang.named("silent", 1)).id();
      copies(gang.lab);
      gang.lab.put("in", files(10));
      Work work = workers.claim(silent, SOON).orElseThrow();
      List<Task.Item> items = work.task().items();
      boolean goes = workers.report(silent, work.lease(), results(items.subList(0, 1), false));

      gang.clock.pass(Terms.USUAL.lease().plusSeconds(1));
      Gang.Running other = gang.start("other", 1);
      Job job = gang.lab.newest("copies");

      assertThat(goes).isTrue();
      assertThat(job.datums()).isEqualTo(new Job.Counts(10, 10, 0, 0, 0));
      assertThat(other.executor.ran)
          .hasSize(9)
          .doesNotContain(items.getFirst().id())
          .doesNotHaveDuplicates();
      assertThatThrownBy(() -> workers.report(silent, work.lease(), results(items, true)))
          .isInstanceOf(DassieException.class)
          .hasMessageContaining("The lease `" + work.lease() + "`")
          .hasMessageContaining("has ended: its datums went to others");
      assertThatThrownBy(() -> workers.claim(silent, AT_ONCE))
          .hasMessageContaining("No worker is named `" + silent + "`");
    }
  }

  @Test
  void aReportThatIsRepeatedCountsOnce() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      Workers workers = gang.workers;
      String worker = workers.join(Gang.named("one", 1)).id();
      copies(gang.lab);
      gang.lab.put("in", files(1));
      Work work = workers.claim(worker, SOON).orElseThrow();
      Results all = results(work.task().items(), true);

      boolean _ = workers.report(worker, work.lease(), all);
      boolean again = workers.report(worker, work.lease(), all);
      Job job = gang.lab.newest("copies");

      assertThat(again).isFalse();
      assertThat(job.datums()).isEqualTo(new Job.Counts(1, 1, 0, 0, 0));
      assertThat(workers.list().getFirst().done()).isEqualTo(1);
    }
  }

  @Test
  void aLeaseThatNeverReachedItsWorkerEndsWithABeat() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      Workers workers = gang.workers;
      String worker = workers.join(Gang.named("one", 1)).id();
      copies(gang.lab);
      gang.lab.put("in", files(1));
      Work lost = workers.claim(worker, SOON).orElseThrow();
      gang.clock.pass(Duration.ofSeconds(10));
      List<Long> first = workers.beat(worker, List.of(), false, AT_ONCE);
      gang.clock.pass(Duration.ofSeconds(10));
      List<Long> second = workers.beat(worker, List.of(), false, AT_ONCE);

      Work again = workers.claim(worker, SOON).orElseThrow();
      boolean _ = workers.report(worker, again.lease(), results(again.task().items(), true));
      Job job = gang.lab.newest("copies");

      assertThat(first).isEmpty();
      assertThat(second).isEmpty();
      assertThat(again.lease()).isGreaterThan(lost.lease());
      assertThat(job.datums().success()).isEqualTo(1);
    }
  }

  @Test
  void aDatumThatLosesThreeWorkersHasFailed() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      Workers workers = gang.workers;
      copies(gang.lab);
      gang.lab.put("in", files(1));
      for (int i = 1; i <= Terms.LOSSES; i++) {
        String worker = workers.join(Gang.named("w" + i, 1)).id();
        Work _ = workers.claim(worker, SOON).orElseThrow();
        gang.clock.pass(Terms.USUAL.lease().plusSeconds(1));
        assertThat(workers.list()).isEmpty();
      }

      Job job = gang.lab.newest("copies");

      assertThat(job.state()).isEqualTo(Job.State.FAILED);
      assertThat(job.reason())
          .contains("3 workers were lost while the datum ran, the last of them `w3`");
    }
  }

  @Test
  void aWorkerThatLeavesGivesBackWhatItHasNotBegun() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Gang.Running first = gang.start("first", 1);
      copies(gang.lab);
      first.executor.code(
          "copy",
          in -> {
            begun.countDown();
            go.await();
            return Map.of();
          });
      gang.lab.put("in", files(10));
      begun.await();

      Thread leaving = Thread.ofPlatform().start(first::end);
      gang.lab.until(() -> gang.workers.list().getFirst().state().equals("leaving"));
      go.countDown();
      leaving.join();
      Gang.Running second = gang.start("second", 1);
      Job job = gang.lab.newest("copies");

      assertThat(job.datums().success()).isEqualTo(10);
      assertThat(first.executor.ran).hasSize(1);
      assertThat(second.executor.ran).hasSize(9);
    }
  }

  @Test
  void aJobThatIsStoppedEndsWhatItsWorkerRuns() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      Gang.Running worker = gang.start("one", 1);
      worker.executor.code(
          "copy",
          in -> {
            begun.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              ended.countDown();
            }
            return Map.of();
          });
      copies(gang.lab);
      gang.lab.put("in", files(1));
      begun.await();

      var _ = gang.lab.jobs().stop(Lab.ANN, gang.lab.newestName("copies"));
      ended.await();

      assertThat(gang.lab.newest("copies").state()).isEqualTo(Job.State.STOPPED);
    }
  }

  @Test
  void aHostThatHasOtherProgramsIsToldSoAndGetsNone() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      gang.lab.executor.facts(List.of("process linux amd64", "/usr/bin/python3 aaa"));
      Gang.Running other = gang.start("other", 1);
      other.executor.facts(List.of("process linux amd64", "/usr/bin/python3 bbb"));
      copies(gang.lab);
      gang.lab.put("in", files(3));
      gang.lab.until(() -> gang.workers.trouble().isPresent());
      String trouble = gang.workers.trouble().orElseThrow();
      String note = gang.workers.list().getFirst().note().orElseThrow();

      Gang.Running fit = gang.start("fit", 1);
      fit.executor.facts(List.of("process linux amd64", "/usr/bin/python3 aaa"));
      Job job = gang.lab.newest("copies");

      assertThat(trouble)
          .isEqualTo(
              "The worker `other` cannot run `copies`: its datums are of `/usr/bin/python3 aaa`,"
                  + " and here that is `process linux amd64`, `/usr/bin/python3 bbb`.");
      assertThat(note).isEqualTo(trouble);
      assertThat(job.datums().success()).isEqualTo(3);
      assertThat(other.executor.ran).isEmpty();
    }
  }

  @Test
  void aWorkerThatIsNotLikeTheServerIsRefused() {
    try (Gang gang = new Gang(folder, 0)) {
      Joining good = Gang.named("one", 1);

      assertThatThrownBy(() -> gang.workers.join(with(good, "0.9 fff", "none", "store-1", 1)))
          .hasMessage(
              "The worker `one` is of the build `0.9 fff`, and the server `1.0 abc`: it cannot"
                  + " take part.");
      assertThatThrownBy(() -> gang.workers.join(with(good, "1.0 abc", "bare", "store-1", 1)))
          .hasMessageContaining("has the sandbox `bare`, and the server `none`");
      assertThatThrownBy(() -> gang.workers.join(with(good, "1.0 abc", "none", "store-2", 1)))
          .hasMessageContaining("has the store `store-2`, and the server `store-1`");
      assertThatThrownBy(() -> gang.workers.join(with(good, "1.0 abc", "none", "store-1", 257)))
          .hasMessage("`slots` is `257`, expected a number from 1 to 256.");
      assertThat(gang.workers.list()).isEmpty();
    }
  }

  private static Joining with(Joining j, String build, String sandbox, String store, int slots) {
    return new Joining(j.name(), build, j.executor(), sandbox, j.platform(), store, slots);
  }

  @Test
  void trafficIsPerTaskAndNotPerDatum() throws InterruptedException {
    try (Gang gang = new Gang(folder, 0)) {
      Told told = new Told(gang.workers);
      Gang.Running one = gang.start("one", 1, told);
      gang.lab.repoNamed("in");
      gang.lab.pipeline(Lab.spec("nothing", "nothing", Lab.files("in", "/*")));
      gang.lab.put("in", files(1_000));

      Job job = gang.lab.newest("nothing");

      assertThat(job.datums().success()).isEqualTo(1_000);
      assertThat(new HashSet<>(one.executor.ran)).hasSize(1_000);
      assertThat(one.executor.tasks.get()).isLessThan(200);
      assertThat(told.reports.get()).isLessThan(1_000);
    }
  }
}
