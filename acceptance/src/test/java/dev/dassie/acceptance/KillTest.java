package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The real server, killed with -9 while clients write to it, a pipeline runs and garbage is
/// collected. `-Ddassie.rounds=200` kills it more often, `-Ddassie.seed=17` chooses what the
/// clients do and when they are cut off, as far as that can be chosen.
class KillTest {
  private static final int ROUNDS = 10;
  private static final int CLIENTS = 4;

  /// The whole of the home is read after each of the first rounds, and then seldom: it grows.
  private static final int AUDITED = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String COPIES = "/projects/default/repos/copy/commits/master";

  @TempDir Path folder;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<KillClient> clients = new ArrayList<>();
  private long collections;
  private long audited;

  @Test
  void everythingAcknowledgedIsThereAfterKillNine() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime());
    int rounds = Integer.getInteger("dassie.rounds", ROUNDS);
    long start = System.nanoTime();
    Random random = new Random(seed);
    try (Instance dassie = Instance.started(folder)) {
      KillCalls calls = new KillCalls(dassie.url());
      prepare(dassie);
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new KillClient(calls, i, random.nextLong(), acknowledgements));
      }
      for (int round = 1; round <= rounds; round++) {
        try {
          killed(dassie, calls, random);
          if (round <= AUDITED || round % AUDITED == 0 || round == rounds) {
            audit(dassie.home());
          }
          dassie.run("dassie up").expect(0);
          verify(calls);
        } catch (AssertionError e) {
          throw new AssertionError("round " + round + " of seed " + seed, e);
        }
      }
    }
    System.out.printf(
        "kill -9: %d rounds, %d acknowledged calls, %d collections, %d commits read in %d s, seed %d%n",
        rounds,
        acknowledgements.count(),
        collections,
        audited,
        (System.nanoTime() - start) / 1_000_000_000,
        seed);
    assertThat(collections).isPositive();
  }

  private static void prepare(Instance dassie) throws Exception {
    dassie.run("dassie create repo data && dassie create repo feed").expect(0);
    dassie.run("echo 1 | dassie put file data@master:/first -f - -m first").expect(0);
    dassie.write(
        "copy.yaml",
        """
        pipeline: {name: copy}
        input: {pfs: {repo: feed, glob: "/*/*"}}
        transform:
          cmd: [sh]
          stdin: ["cd /pfs/feed && cp --parents */* /pfs/out/"]
        """);
    dassie.run("dassie create pipeline -f copy.yaml").expect(0);
  }

  /// Clients write; at a random moment after some acknowledgements the server is killed.
  private void killed(Instance dassie, KillCalls calls, Random random) throws Exception {
    acknowledgements.begin();
    List<Thread> threads = new ArrayList<>();
    clients.forEach(client -> threads.add(started(client)));
    Thread collecting = started(() -> collect(calls));
    long until = acknowledgements.count() + 1 + random.nextInt(120);
    while (failures.isEmpty() && !acknowledgements.await(until, Duration.ofSeconds(1))) {
      // A client that fails is noticed within the second.
    }
    LockSupport.parkNanos(random.nextLong(30_000_000));
    dassie.kill();
    for (Thread thread : threads) {
      thread.join();
    }
    acknowledgements.end();
    collecting.join();
    assertNoFailure();
  }

  private Thread started(Runnable work) {
    return Thread.ofVirtual().uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(work);
  }

  private void assertNoFailure() {
    if (!failures.isEmpty()) {
      AssertionError error = new AssertionError(failures.size() + " failed", failures.peek());
      failures.forEach(error::addSuppressed);
      throw error;
    }
  }

  /// Collects again and again, after every few calls, until the server is gone.
  private void collect(KillCalls calls) {
    byte[] nothing = new byte[0];
    try {
      for (int i = 0; ; i++) {
        long next = acknowledgements.count() + 5;
        KillCalls.Request gc =
            new KillCalls.Request(
                "gc-" + collections + "-" + i, "POST", "/gc?grace=0", nothing, m -> {}, r -> {});
        if (calls.send(gc).isEmpty() || !acknowledgements.await(next, PATIENCE)) {
          return;
        }
        collections++;
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void audit(Path home) throws IOException {
    Path copy = folder.resolve("copy");
    audited += HomeAudit.check(home, copy);
    try (Stream<Path> paths = Files.walk(copy)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /// Every file is there, byte for byte, none that should not be; each call made one commit, in one
  /// line; the pipeline has copied all of it; and everything that anything names is in the store.
  private void verify(KillCalls calls) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (KillClient client : clients) {
      threads.add(
          started(() -> {
            client.verifyBeforeRepeat();
            client.settle();
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNoFailure();
    verifyHistory(calls);
    verifyCopies(calls);
    byte[] nothing = new byte[0];
    assertThat(
            calls.send(
                new KillCalls.Request(
                    "dry", "POST", "/gc?dry_run=true", nothing, m -> {}, r -> {})))
        .isPresent();
  }

  private void verifyHistory(KillCalls calls) {
    List<String> expected = new ArrayList<>(List.of("first"));
    clients.forEach(client -> expected.addAll(client.commits()));
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      String list = "/projects/default/repos/data/commits?branch=master&limit=10000";
      JsonNode page =
          calls.json(list + (cursor.isEmpty() ? "" : "&cursor=" + cursor)).orElseThrow();
      page.path("items").forEach(commit -> found.add(commit.path("message").asString()));
      cursor = page.path("next").isNull() ? "" : page.path("next").asString();
    } while (!cursor.isEmpty());
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void verifyCopies(KillCalls calls) {
    NavigableMap<String, ByteBuffer> expected = new TreeMap<>();
    clients.forEach(client -> expected.putAll(client.fed("copy@master:")));
    if (!expected.isEmpty()) {
      JsonNode commit = calls.json(COPIES + "/wait?timeout=60").orElseThrow();
      assertThat(commit.path("state").asString()).as("%s", commit).isEqualTo("finished");
    }
    NavigableMap<String, ByteBuffer> found = KillObservation.files(calls, "copy@master", "/");
    assertThat(KillModel.differences(found, expected)).isEmpty();
  }

  @Test
  void aJobGoesOnAfterKillNineAndRunsNothingTwiceThatWasRecorded() throws Exception {
    Path marks = Files.createDirectories(folder.resolve("marks"));
    marks.toFile().setWritable(true, false);
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo data").expect(0);
      dassie.run("mkdir t; for i in $(seq 40); do echo $i > t/f$i; done").expect(0);
      dassie.run("dassie put file -r data@master:/ -f t").expect(0);
      dassie.write(
          "slow.yaml",
          """
          pipeline: {name: slow}
          input: {pfs: {repo: data, glob: "/*"}}
          transform:
            cmd: [sh]
            stdin: ["sleep 0.1; cp $data /pfs/out/; echo ran"]
          """);
      dassie.run("dassie create pipeline -f slow.yaml").expect(0);
      dassie.run("until [ $(dassie logs -p slow | grep -c ran) -ge 5 ]; do :; done").expect(0);

      dassie.run("kill -9 $(cat $DASSIE_HOME/dassie.pid)").expect(0);
      dassie.run("dassie up").expect(0);
      dassie.run("dassie wait commit slow@master").expect(0);

      assertThat(dassie.run("dassie list file slow@master:/ -o jsonl").expect(0).lines())
          .hasSize(40);
      assertThat(dassie.run("dassie logs -p slow | grep -c ran").expect(0).out().strip())
          .isEqualTo("40");
    }
  }
}
