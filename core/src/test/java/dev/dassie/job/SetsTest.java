package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How datums are put together that go to a worker at once (`datumSetSpec`).
@Timeout(60)
class SetsTest {
  private static final int DATUMS = 10;
  private static final int WORKERS = 2;

  @TempDir Path folder;

  /// Tasks that a job made of ten datums of one byte each.
  private int tasks(Optional<Running.DatumSets> sets) throws InterruptedException {
    Map<String, String> files = new TreeMap<>();
    String[] put = new String[2 * DATUMS];
    for (int i = 0; i < DATUMS; i++) {
      put[2 * i] = "f" + i;
      put[2 * i + 1] = Integer.toString(i);
      files.put("f" + i, Integer.toString(i));
    }
    try (Lab lab = new Lab(folder.resolve(Integer.toString(sets.hashCode())))) {
      lab.repoNamed("in");
      PipelineSpec spec = Lab.spec("copies", "copy", Lab.files("in", "/*"));
      lab.pipeline(spec.with(new Running.OnDatums(false, sets)));
      lab.put("in", put);

      Job job = lab.newest("copies");

      assertThat(job.datums()).isEqualTo(new Job.Counts(DATUMS, DATUMS, 0, 0, 0));
      assertThat(lab.read("copies")).isEqualTo(files);
      return lab.executor.tasks.get();
    }
  }

  @Test
  void theOutputIsTheSameHoweverDatumsArePutTogether() throws InterruptedException {
    assertThat(tasks(Optional.empty())).isBetween(1, DATUMS);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfDatums(1)))).isEqualTo(DATUMS);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfDatums(5)))).isBetween(2, 3);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfDatums(1_000)))).isBetween(1, WORKERS);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfBytes(1)))).isEqualTo(DATUMS);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfBytes(4)))).isBetween(3, 4);
    assertThat(tasks(Optional.of(new Running.DatumSets.OfBytes(1L << 40)))).isBetween(1, WORKERS);
    assertThat(tasks(Optional.of(new Running.DatumSets.PerWorker(1)))).isBetween(2, 3);
    assertThat(tasks(Optional.of(new Running.DatumSets.PerWorker(100)))).isEqualTo(DATUMS);
  }

  @Test
  void noMoreDatumsRunAtOnceThanTheSpecSays() throws InterruptedException {
    int workers = Math.min(WORKERS, Runtime.getRuntime().availableProcessors());
    CyclicBarrier together = new CyclicBarrier(workers);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Lab lab = new Lab(folder)) {
      lab.executor.code(
          "meet",
          files -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
              together.await(30, TimeUnit.SECONDS);
            } catch (BrokenBarrierException | TimeoutException e) {
              throw new CodeExecutor.Fails("came alone");
            }
            running.decrementAndGet();
            return Map.of();
          });
      lab.repoNamed("in");
      Running each = new Running.OnDatums(false, Optional.of(new Running.DatumSets.OfDatums(1)));
      lab.pipeline(Lab.spec("meetings", "meet", Lab.files("in", "/*")).with(each));
      lab.put("in", "a", "1", "b", "2", "c", "3", "d", "4");

      assertThat(lab.newest("meetings").state()).isEqualTo(Job.State.SUCCESS);
      assertThat(most.get()).isEqualTo(workers);
    }
  }
}
