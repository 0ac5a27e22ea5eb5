package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The real server, killed with -9 while a spout commits the messages of a queue and a pipeline
/// reads them. `-Ddassie.rounds=200` kills it more often, `-Ddassie.seed=17` chooses when.
class KillSpoutTest {
  private static final int ROUNDS = 3;
  private static final int MESSAGES = 24;
  private static final String ORDERS = "/projects/default/repos/orders/commits/";

  /// Commits message after message, each in a commit of its own.
  private static final String SPOUT =
      """
      import os, socket, sys, urllib.request
      queue = socket.create_connection(("127.0.0.1", int(sys.argv[2]))).makefile("rw")
      files = os.environ["DASSIE_URL"] + "/api/v1/projects/default/repos/orders/commits/master/file?path=/"
      while True:
          print("next", file=queue, flush=True)
          number = queue.readline().strip()
          put = urllib.request.Request(files + number, ("message " + number).encode(), method="PUT")
          put.add_header("Authorization", "Bearer " + os.environ["DASSIE_TOKEN"])
          urllib.request.urlopen(put).read()
          print("done", number, file=queue, flush=True)
      """;

  @TempDir Path folder;

  @Test
  void noAcknowledgedMessageIsLostAndOneProcessAtATimeCommits() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime());
    int rounds = Integer.getInteger("dassie.rounds", ROUNDS);
    Random random = new Random(seed);
    String marker = "spout-" + Long.toHexString(random.nextLong());
    try (MessageQueue queue = new MessageQueue(marker);
        Instance dassie = Instance.started(folder)) {
      KillCalls calls = new KillCalls(dassie.url());
      create(dassie, marker, queue.port());
      int said = 0;
      for (int round = 1; round <= rounds; round++) {
        queue.offer(said + MESSAGES);
        queue.awaitAcknowledged(said + random.nextInt(1, MESSAGES));
        dassie.kill();
        awaitGone(queue);
        said = queue.acknowledged().size();
        dassie.run("dassie up").expect(0);
      }
      queue.offer(said + 1);
      queue.awaitAcknowledged(said + 1);

      assertThat(queue.most()).as("processes at once, seed %d", seed).isEqualTo(1);
      assertThat(queue.connections()).isGreaterThan(rounds);
      verify(calls, queue.acknowledged());
      dassie.run("dassie down").expect(0);
      awaitGone(queue);
      System.out.printf(
          "kill -9 of a spout's server: %d rounds, %d messages, %d processes, seed %d%n",
          rounds, said + 1, queue.connections(), seed);
    }
  }

  private static void create(Instance dassie, String marker, int port) throws Exception {
    Path _ = dassie.write("intake/spout.py", SPOUT);
    Path _ =
        dassie.write(
            "dag.yaml",
            """
            pipeline: {name: orders}
            spout: {}
            transform: {cmd: [python3, -u, spout.py, %s, '%d'], source: ./intake}
            ---
            pipeline: {name: copies}
            input: {pfs: {repo: orders, glob: "/*"}}
            transform: {cmd: [sh, -c, 'cp /pfs/orders/* /pfs/out/']}
            """
                .formatted(marker, port));
    dassie.run("dassie create pipeline -f dag.yaml").expect(0);
  }

  /// Nobody ends the process but the end of its server.
  private static void awaitGone(MessageQueue queue) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (queue.processes() > 0) {
      assertThat(System.nanoTime()).as("the spout outlives its server").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /// All messages are there, in commits of the pipeline's own, and came through to the reader.
  private static void verify(KillCalls calls, SortedSet<Integer> messages) {
    Map<String, String> expected = new TreeMap<>();
    messages.forEach(number -> expected.put("/" + number, "message " + number));
    assertThat(files(calls, "orders")).isEqualTo(expected);
    JsonNode head = calls.json(ORDERS + "master").orElseThrow();
    assertThat(head.path("author").asString()).isEqualTo("pipeline:default/orders");
    String wait = "/projects/default/repos/copies/commits/master/wait?timeout=60";
    JsonNode copied = calls.json(wait).orElseThrow();
    assertThat(copied.path("state").asString()).as("%s", copied).isEqualTo("finished");
    assertThat(files(calls, "copies")).isEqualTo(expected);
  }

  private static Map<String, String> files(KillCalls calls, String repo) {
    Map<String, String> files = new TreeMap<>();
    KillObservation.files(calls, repo + "@master", "/")
        .forEach((name, bytes) -> {
          String path = name.substring(name.indexOf(':') + 1);
          files.put(path, StandardCharsets.UTF_8.decode(bytes).toString());
        });
    return files;
  }
}
