package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is known of the datums of a job without reading it whole.
@Timeout(60)
class SlowestTest {
  @TempDir Path folder;

  private static Result took(long micros) {
    Ending.Try one =
        new Ending.Try(
            1, Optional.of("no"), new Body.Inline(new byte[0]), Instant.EPOCH, micros, 0, 0, 0);
    return new Result(Digest.of(new byte[0]), new Ending.Failed("no", List.of(one)));
  }

  @Test
  void theSlowestOfManyAreKeptSlowestFirst() {
    Slowest slowest = new Slowest();

    for (int i = 0; i < 1_000; i++) {
      slowest.ended(new byte[] {(byte) (i / 100), (byte) (i % 100)}, took(i * 7919L % 1_000));
    }

    assertThat(slowest.orders()).hasSize(Slowest.MOST);
    // 7919 · 321 = 2541999
    assertThat(slowest.orders().getFirst()).isEqualTo(new byte[] {3, 21});
  }

  @Test
  void aJobOfManyDatumsKnowsItsSlowestAfterItsEnd() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
      String[] files = new String[2 * (Jobs.LOOKED_AT + 1)];
      for (int i = 0; i < files.length; i += 2) {
        files[i] = "f" + i;
        files[i + 1] = "" + i;
      }
      lab.put("in", files);
      Job job = lab.newest("edges");

      List<DatumView> slowest = lab.jobs().slowest(job.name(), 5);

      assertThat(job.datums().total()).isEqualTo(Jobs.LOOKED_AT + 1);
      assertThat(slowest).hasSize(5).isSortedAccordingTo(SlowestTest::longerFirst);
      assertThat(
              lab.world.metadata.<Integer>read(
                  rows -> Slowest.find(rows, job.name()).orElseThrow().size()))
          .isEqualTo(Slowest.MOST);
    }
  }

  private static int longerFirst(DatumView one, DatumView other) {
    return Long.compare(other.wallMicros().orElseThrow(), one.wallMicros().orElseThrow());
  }

  @Test
  void theNewestJobsOfSeveralPipelinesComeFromOneQuestion() throws InterruptedException {
    try (Lab lab = new Lab(folder)) {
      lab.repoNamed("in");
      lab.pipeline(Lab.spec("one", "copy", Lab.files("in", "/*")));
      lab.pipeline(Lab.spec("two", "copy", Lab.files("in", "/")));
      lab.put("in", "a", "1");
      Job first = lab.newest("one");
      lab.put("in", "a", "2");
      Job second = lab.newest("one");
      Job other = lab.newest("two");

      Map<dev.dassie.version.RepoName, List<Job>> found =
          lab.jobs().newest(List.of(Lab.repo("one"), Lab.repo("two"), Lab.repo("none")), 1);

      assertThat(first.name()).isNotEqualTo(second.name());
      assertThat(found.get(Lab.repo("one"))).extracting(Job::name).containsExactly(second.name());
      assertThat(found.get(Lab.repo("two"))).extracting(Job::name).containsExactly(other.name());
      assertThat(found.get(Lab.repo("none"))).isEmpty();
    }
  }
}
