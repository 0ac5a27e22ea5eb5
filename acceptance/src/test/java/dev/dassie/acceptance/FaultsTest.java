package dev.dassie.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server on a real PostgreSQL and a real S3 server, while all three fail at random and four
/// pipelines run. Clients repeat what was not answered, under the same key. `-Ddassie.seconds=60`
/// goes on for longer, `-Ddassie.seed=17` chooses what fails and what changes.
class FaultsTest {
  private static final int SECONDS = 20;
  private static final int SETTLED = 5;
  private static final long LONGEST_NANOS = 800_000_000;
  private static final String KEY = "dassie-test-key";

  /// What fails.
  private enum Trouble {
    SERVER_KILLED,
    CONNECTIONS_ENDED,
    DATABASE_CRASHED,
    STORE_FAILS
  }

  @TempDir Path folder;
  private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void outputsAreTheSameAndNothingRecordedRunsAgain() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime());
    long seconds = Integer.getInteger("dassie.seconds", SECONDS);
    Random random = new Random(seed);
    try (Backends backends = Backends.start();
        JobRuns runs = new JobRuns();
        Instance dassie = new Instance(folder.resolve("one"))) {
      String database = backends.newDatabase();
      String store = backends.newStore();
      dassie.environment().put("DASSIE_STORE", backends.byFaultyWay(store));
      dassie.environment().put("DASSIE_DATABASE", database);
      dassie.environment().put("AWS_ACCESS_KEY_ID", KEY);
      dassie.environment().put("AWS_SECRET_ACCESS_KEY", Backends.SECRET);
      dassie.environment().put("AWS_EC2_METADATA_DISABLED", "true");
      dassie.run("dassie up").expect(0);
      JobsUnderFaults jobs = new JobsUnderFaults(new KillCalls(dassie.url()), runs, random);
      jobs.begin(dassie);
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      int round = 0;
      while (System.nanoTime() < end) {
        round++;
        try {
          broken(dassie, backends, database, jobs, random, round);
          if (round % SETTLED == 0) {
            backends.heal();
            jobs.verify();
          }
        } catch (AssertionError e) {
          throw new AssertionError("round " + round + " of seed " + seed, e);
        }
      }
      backends.heal();
      jobs.verify();
      jobs.verifyRuns();
      dassie.run("dassie fsck").expect(0);
      System.out.printf(
          "faults: %d rounds %s, %d runs of code, %d results seen recorded, %d runs repeated that"
              + " were not, seed %d%n",
          round, troubles, runs.count(), jobs.recorded(), runs.repeated().size(), seed);
    }
  }

  /// A client changes files while something fails.
  private void broken(
      Instance dassie,
      Backends backends,
      String database,
      JobsUnderFaults jobs,
      Random random,
      int round)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread observer = Thread.ofVirtual().start(() -> jobs.observe(over));
    Trouble trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
    long moment = random.nextLong(LONGEST_NANOS);
    int requests = 1 + random.nextInt(6);
    int kind = random.nextInt(100);
    troubles.merge(trouble, 1, Integer::sum);
    CompletableFuture<?> failing =
        CompletableFuture.runAsync(() -> {
          LockSupport.parkNanos(moment);
          try {
            fail(trouble, dassie, backends, database, requests, kind);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    jobs.change(round);
    failing.join();
    over.set(true);
    observer.join();
  }

  private static void fail(
      Trouble trouble, Instance dassie, Backends backends, String database, int requests, int kind)
      throws IOException, InterruptedException {
    switch (trouble) {
      case SERVER_KILLED -> {
        dassie.kill();
        dassie.run("dassie up").expect(0);
      }
      case CONNECTIONS_ENDED -> backends.disconnect(database);
      case DATABASE_CRASHED -> backends.crashPostgres();
      case STORE_FAILS -> backends.faults(requests, kind);
    }
  }
}
