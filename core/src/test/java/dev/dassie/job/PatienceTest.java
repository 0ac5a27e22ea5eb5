package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.InterruptingMetadata;
import dev.dassie.metadata.MemoryMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs on a disk that is full for a while: what could not be written is written when there is
/// space, without a new start.
@Timeout(60)
class PatienceTest {
  /// More than a bug is tried.
  private static final int MANY = 6;

  @TempDir Path folder;
  private final FullForJobs metadata = new FullForJobs();
  private Lab lab;

  /// Full for the threads of jobs only: users have to write while nothing can be recorded.
  private static final class FullForJobs extends InterruptingMetadata {
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean full;

    FullForJobs() {
      super(new MemoryMetadata());
    }

    @Override
    public <T> T write(Function<Writer, T> change) {
      if (full && Thread.currentThread().getName().startsWith("job-")) {
        refused.incrementAndGet();
        throw new Fault.Full("/disk").asException();
      }
      return super.write(change);
    }
  }

  @BeforeEach
  void open() {
    lab = new Lab(folder, metadata);
    lab.repoNamed("in");
  }

  @AfterEach
  void close() {
    metadata.full = false;
    lab.close();
  }

  @Test
  void commitsBecomeJobsWhenThereIsSpaceAgain() throws InterruptedException {
    lab.executor.code("copy", files -> files);
    lab.pipeline(Lab.spec("edges", "copy", Lab.files("in", "/*")));
    metadata.full = true;
    lab.put("in", "a", "1");
    lab.until(() -> metadata.refused.get() >= MANY);

    metadata.full = false;

    Job job = lab.newest("edges");
    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
  }

  @Test
  void aJobWhoseEndCannotBeRecordedEndsWhenItCan() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    lab.executor.code(
        "gated",
        files -> {
          inside.countDown();
          gate.await();
          return files;
        });
    lab.pipeline(Lab.spec("edges", "gated", Lab.files("in", "/*")));
    lab.put("in", "a", "1");
    JobName name = lab.newestName("edges");
    inside.await();
    metadata.full = true;
    gate.countDown();
    lab.until(() -> metadata.refused.get() >= MANY);

    metadata.full = false;

    Job job = lab.jobs().await(name, Duration.ofSeconds(30));
    assertThat(job.state()).isEqualTo(Job.State.FAILED);
    assertThat(job.reason()).contains("No space is left in `/disk`");
    lab.put("in", "b", "2");
    assertThat(lab.newest("edges").state()).isEqualTo(Job.State.SUCCESS);
  }
}
