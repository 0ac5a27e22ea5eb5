package dev.dassie.executor.datum;

import static dev.dassie.executor.datum.Workbench.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.Fileset;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import dev.dassie.job.bucket.Outbox;
import dev.dassie.pipeline.Resources;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every executor promises of an output that comes from elsewhere.
public abstract class OutboxContract {
  private static final long DISK = 4 << 20;

  protected Workbench shop;

  /// An executor over chunks in memory.
  protected abstract Workbench open() throws IOException;

  @BeforeEach
  void before() throws IOException {
    shop = open();
  }

  @AfterEach
  void after() throws IOException {
    shop.close();
  }

  /// Counts tries, and has one file after each that ended well.
  private static final class CountingOutbox implements Outbox {
    private final Fileset left;
    private int begun;
    private int taken;
    private long most = -1;
    private boolean over;

    CountingOutbox(Fileset left) {
      this.left = left;
    }

    @Override
    public synchronized void begin(long bytes) {
      begun++;
      most = bytes;
    }

    @Override
    public synchronized boolean isOver() {
      return over;
    }

    @Override
    public synchronized Fileset take() {
      taken++;
      return left;
    }
  }

  private Ending run(CountingOutbox outbox, String script, int tries) throws Exception {
    Task plain = shop.task(shell(script), tries, Optional.empty(), shop.item());
    return shop.run(
            new Task(
                plain.lease(),
                plain.pipeline(),
                plain.transform(),
                plain.source(),
                plain.environment(),
                plain.secrets(),
                plain.env(),
                plain.items(),
                new Task.Limits(
                    tries, Optional.empty(), plain.limits().logBytes(), new Resources(0, 0, DISK)),
                false,
                Optional.of(outbox)))
        .getFirst();
  }

  @Test
  void anOutboxBeginsWithEachTryAndIsTakenFromTheOneThatEndedWell() throws Exception {
    CountingOutbox outbox = new CountingOutbox(shop.fileset(Map.of("a", "1")));

    Ending failed = run(outbox, "exit 1", 3);
    assertThat(failed).isInstanceOf(Ending.Failed.class);
    assertThat(outbox.begun).isEqualTo(3);
    assertThat(outbox.taken).isZero();

    Ending ending = run(outbox, "true", 3);
    assertThat(shop.contents(ending)).isEqualTo(Map.of("/a", "1"));
    assertThat(outbox.begun).isEqualTo(4);
  }

  @Test
  void aTryThatWroteMoreToItsOutboxThanItMayHasFailed() throws Exception {
    CountingOutbox outbox = new CountingOutbox(shop.fileset(Map.of("a", "1")));
    outbox.over = true;

    Ending ending = run(outbox, "true", 1);

    assertThat(ending.tries().getFirst().problem())
        .contains(
            "The code wrote more than 4 MiB to the bucket `out`: raise `resourceLimits.disk` in the spec.");
    assertThat(outbox.most).isEqualTo(DISK);
    assertThat(outbox.taken).isZero();
  }

  @Test
  void whatIsLeftInTheFolderBesideAnOutboxFailsTheTry() throws Exception {
    CountingOutbox outbox = new CountingOutbox(shop.fileset(Map.of("a", "1")));

    Ending ending = run(outbox, "echo 1 > /pfs/out/b", 1);

    assertThat(ending.tries().getFirst().problem())
        .contains(
            "The code left something in `/pfs/out`; with `s3Out` its output is the bucket `out`.");
    assertThat(outbox.taken).isZero();
    assertThat(shop.contents(shop.sh("ls -A /pfs/out > /pfs/out/was")))
        .containsEntry("/was", "was\n");
  }
}
