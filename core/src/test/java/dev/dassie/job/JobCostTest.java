package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Costs that show without a clock (D8, P7), and the views of jobs (D3, D9).
@Timeout(60)
class JobCostTest {
  @TempDir Path folder;

  private static String[] many(int count) {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add("f%05d".formatted(i));
      files.add("" + i);
    }
    return files.toArray(String[]::new);
  }

  @Test
  void manyDatumsGoToTheExecutorInBatches() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "nothing", Lab.files("in", "/*")));
      lab.put("in", many(3_000));

      Job job = lab.newest("edges");

      assertThat(job.datums()).isEqualTo(new Job.Counts(3_000, 3_000, 0, 0, 0));
      assertThat(lab.executor.tasks.get()).isLessThan(1_000);
      assertThat(lab.executor.doubled).isEmpty();
    }
  }

  @Test
  void oneMoreFileLooksAtOneDatum() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
      lab.put("in", many(2_000));
      Job base = lab.newest("edges");
      lab.put("in", "extra", "x");
      Job job = lab.newest("edges");

      int[] looked = {0};
      new Work(
              lab.world.chunks, base.roots().datums(), job.roots().datums(), base.roots().endings())
          .each(10, group -> looked[0] += group.size());

      assertThat(looked[0]).isEqualTo(1);
      assertThat(job.base()).contains(base.name().id());
      assertThat(job.datums()).isEqualTo(new Job.Counts(2_001, 1, 2_000, 0, 0));
    }
  }

  @Test
  void logsOfSkippedDatumsAreThoseOfTheRunThatMadeTheResult() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
      lab.put("in", "a", "1", "b", "2");
      lab.newest("edges");
      lab.put("in", "c", "3");
      Job job = lab.newest("edges");

      List<LogLine> lines = logs(lab, Optional.of(job.name()), Optional.empty());

      assertThat(lines).hasSize(3).allMatch(line -> line.line().equals("ran 1"));
      assertThat(lines).allMatch(line -> line.number() == 1 && line.inputs().size() == 1);
      assertThat(logs(lab, Optional.empty(), Optional.of(2))).isEqualTo(lines.subList(1, 3));
      DatumView one = lab.jobs().datum(job.name(), lines.getFirst().datum().substring(0, 8));
      assertThat(one.state()).isEqualTo(DatumView.State.SKIPPED);
    }
  }

  private static List<LogLine> logs(Lab lab, Optional<JobName> job, Optional<Integer> tail) {
    List<LogLine> lines = new ArrayList<>();
    lab.jobs()
        .logs(new LogLine.Query("default", "edges", job, Optional.empty(), Optional.empty(), tail))
        .forEachRemaining(lines::add);
    return lines;
  }

  @Test
  void aPageOfDatumsInOneStateLooksAtABoundedNumberOfThem() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "nothing", Lab.files("in", "/*")));
      lab.put("in", many(4_200));
      Job _ = lab.newest("edges");
      lab.put("in", "zzz", "last");
      Job job = lab.newest("edges");

      var first = lab.jobs().datums(job.name(), Optional.of(DatumView.State.SUCCESS), "", 10);
      var second =
          lab.jobs()
              .datums(
                  job.name(), Optional.of(DatumView.State.SUCCESS), first.next().orElseThrow(), 10);
      var none = lab.jobs().datums(job.name(), Optional.of(DatumView.State.WAITING), "", 10);

      assertThat(first.items().size() + second.items().size()).isEqualTo(1);
      assertThat(second.next()).isEmpty();
      assertThat(none.items()).isEmpty();
      assertThat(none.next()).isEmpty();
    }
  }

  @Test
  void datumsComeInPagesWhoseCursorsContinue() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
      lab.put("in", many(25));
      Job job = lab.newest("edges");

      List<String> ids = new ArrayList<>();
      Optional<String> cursor = Optional.of("");
      while (cursor.isPresent()) {
        var page = lab.jobs().datums(job.name(), Optional.empty(), cursor.get(), 10);
        page.items().forEach(view -> ids.add(view.id()));
        cursor = page.next();
      }

      assertThat(ids).hasSize(25).doesNotHaveDuplicates();
    }
  }

  @Test
  void aLongChainHandsOverByItself() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      String previous = "in";
      for (int i = 0; i < 40; i++) {
        lab.pipeline(Lab.spec("p" + i, "copy", Lab.files(previous, "/*")));
        previous = "p" + i;
      }

      Commit put = lab.put("in", "a", "1");
      Job last = lab.ended(new JobName("default", "p39", put.name().id()));

      assertThat(last.state()).isEqualTo(Job.State.SUCCESS);
      assertThat(lab.read("p39").values()).containsExactly("1");
    }
  }

  @Test
  void aPreviewShowsDatumsKeysAndWhatIsInNone() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*.txt")));
      lab.put("in", "a.txt", "1", "b.bin", "2");
      Job job = lab.newest("edges");
      Previews previews =
          new Previews(lab.world.versions, lab.results, lab.recipes(), lab.executor);

      Previews.Preview preview =
          previews.of(Lab.spec("other", "copy", Lab.files("in", "/*.txt")), Optional.empty());

      Previews.Item item = preview.datums().next();
      DatumView ran = lab.jobs().datums(job.name(), Optional.empty(), "", 1).items().getFirst();
      assertThat(item.known()).isTrue();
      assertThat(item.key()).isEqualTo(ran.key());
      assertThat(item.id()).isEqualTo(ran.id());
      assertThat(preview.datums().hasNext()).isFalse();
      assertThat(preview.arms().getFirst().files()).isEqualTo(1);
    }
  }
}
