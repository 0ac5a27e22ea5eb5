package dev.dassie.acceptance;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server, killed with -9 at random moments while four pipelines run, one behind another
/// and side by side. `-Ddassie.rounds=200` kills it more often, `-Ddassie.seed=17` chooses what
/// changes and about when it is killed.
class KillJobsTest {
  private static final int ROUNDS = 10;
  private static final int SETTLED = 4;
  private static final long LONGEST_NANOS = 1_500_000_000;

  @TempDir Path folder;

  @Test
  void outputsAreTheSameAndNothingRecordedRunsAgain() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime());
    int rounds = Integer.getInteger("dassie.rounds", ROUNDS);
    Random random = new Random(seed);
    try (JobRuns runs = new JobRuns();
        Instance dassie = Instance.started(folder)) {
      JobsUnderFaults jobs = new JobsUnderFaults(new KillCalls(dassie.url()), runs, random);
      jobs.begin(dassie);
      for (int round = 1; round <= rounds; round++) {
        try {
          killed(dassie, jobs, random);
          dassie.run("dassie up").expect(0);
          if (round % SETTLED == 0 || round == rounds) {
            jobs.verify();
          }
          jobs.change(round);
        } catch (AssertionError e) {
          throw new AssertionError("round " + round + " of seed " + seed, e);
        }
      }
      jobs.verify();
      jobs.verifyRuns();
      System.out.printf(
          "kill -9 of jobs: %d rounds, %d runs of code, %d results seen recorded, %d runs repeated"
              + " that were not, seed %d%n",
          rounds, runs.count(), jobs.recorded(), runs.repeated().size(), seed);
    }
  }

  /// Looks at what the jobs have recorded until the server is killed, at a random moment.
  private static void killed(Instance dassie, JobsUnderFaults jobs, Random random)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread observer = Thread.ofVirtual().start(() -> jobs.observe(over));
    LockSupport.parkNanos(random.nextLong(LONGEST_NANOS));
    dassie.kill();
    over.set(true);
    observer.join();
  }
}
