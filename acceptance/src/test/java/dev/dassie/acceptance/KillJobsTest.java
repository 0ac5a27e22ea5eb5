package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The real server, killed with -9 at random moments while four pipelines run, one behind another
/// and side by side. `-Ddassie.rounds=200` kills it more often, `-Ddassie.seed=17` chooses what
/// changes and about when it is killed.
class KillJobsTest {
  private static final int ROUNDS = 10;
  private static final int FILES = 24;
  private static final int SETTLED = 4;
  private static final long LONGEST_NANOS = 1_500_000_000;
  private static final List<String> PIPELINES = List.of("edges", "twice", "pairs", "montage");
  private static final String REPOS = "/projects/default/repos/";

  @TempDir Path folder;

  /// What the server has called a success, by pipeline, path and content, and when that was seen.
  private final Map<String, Long> recorded = new ConcurrentHashMap<>();

  private final Map<String, String> model = new TreeMap<>();
  private final Map<String, String> hashes = new ConcurrentHashMap<>();

  @Test
  void outputsAreTheSameAndNothingRecordedRunsAgain() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime());
    int rounds = Integer.getInteger("dassie.rounds", ROUNDS);
    Random random = new Random(seed);
    try (JobRuns runs = new JobRuns();
        Instance dassie = Instance.started(folder)) {
      KillCalls calls = new KillCalls(dassie.url());
      dassie.run("dassie create repo data && dassie create repo hashes").expect(0);
      dassie.write("dag.yaml", specs(runs));
      change(calls, random, 0);
      dassie.run("dassie create pipeline -f dag.yaml").expect(0);
      for (int round = 1; round <= rounds; round++) {
        try {
          killed(dassie, calls, random);
          dassie.run("dassie up").expect(0);
          if (round % SETTLED == 0 || round == rounds) {
            verify(calls);
          }
          change(calls, random, round);
        } catch (AssertionError e) {
          throw new AssertionError("round " + round + " of seed " + seed, e);
        }
      }
      verify(calls);
      verifyRuns(calls, runs);
      System.out.printf(
          "kill -9 of jobs: %d rounds, %d runs of code, %d results seen recorded, %d runs repeated"
              + " that were not, seed %d%n",
          rounds, runs.count(), recorded.size(), runs.repeated().size(), seed);
    }
  }

  private static String specs(JobRuns runs) {
    return """
    pipeline: {name: edges}
    input: {pfs: {repo: data, name: in, glob: "/*"}}
    parallelismSpec: {constant: 2}
    transform: {cmd: [bash], stdin: ['n=$(ls /pfs/in); c=$(cat /pfs/in/*)', '%1$s', 'sleep 0.02; echo "edges of $c" > /pfs/out/$n']}
    ---
    pipeline: {name: twice}
    input: {pfs: {repo: edges, name: in, glob: "/*"}}
    parallelismSpec: {constant: 2}
    transform: {cmd: [bash], stdin: ['n=$(ls /pfs/in); c=$(cat /pfs/in/*)', '%2$s', 'echo "twice $c" > /pfs/out/$n']}
    ---
    pipeline: {name: pairs}
    input: {join: [{pfs: {repo: data, glob: "/(*)", joinOn: $1}}, {pfs: {repo: edges, glob: "/(*)", joinOn: $1}}]}
    parallelismSpec: {constant: 2}
    transform: {cmd: [bash], stdin: ['n=$(ls /pfs/data); cat /pfs/data/* /pfs/edges/* > /pfs/out/$n']}
    ---
    pipeline: {name: montage}
    input: {cross: [{pfs: {repo: twice, glob: /}}, {pfs: {repo: pairs, glob: /}}]}
    transform: {cmd: [bash], stdin: ['cat /pfs/twice/* /pfs/pairs/* > /pfs/out/all']}
    """
        .formatted(runs.say("edges /$n $c"), runs.say("twice /$n $c"));
  }

  /// One commit that changes some files, some of them back to what they were.
  private void change(KillCalls calls, Random random, int round) throws Exception {
    JsonNode open =
        send(calls, "POST", REPOS + "data/commits", "{\"branch\":\"master\"}", "start" + round);
    String commit = open.path("id").asString();
    for (int i = 0; i < FILES; i++) {
      if (round == 0 || random.nextInt(4) == 0) {
        String path = "/f%02d".formatted(i);
        String content = "%02d version %d".formatted(i, random.nextInt(round / 2 + 2));
        model.put(path, content);
        String target = REPOS + "data/commits/" + commit + "/file?path=" + path;
        send(calls, "PUT", target, content, "put" + round + "-" + i);
      }
    }
    send(calls, "POST", REPOS + "data/commits/" + commit + "/finish", "", "finish" + round);
  }

  /// A call while nobody kills the server.
  private static JsonNode send(
      KillCalls calls, String method, String target, String body, String key) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return calls
        .send(new KillCalls.Request(key, method, target, bytes, m -> {}, r -> {}))
        .orElseThrow(() -> new AssertionError(key + " was not answered"));
  }

  /// Looks at what the jobs have recorded until the server is killed, at a random moment.
  private void killed(Instance dassie, KillCalls calls, Random random) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread observer = Thread.ofVirtual().start(() -> observe(calls, over));
    LockSupport.parkNanos(random.nextLong(LONGEST_NANOS));
    long pid = Long.parseLong(Files.readString(dassie.home().resolve("dassie.pid")).strip());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    assertThat(server.destroyForcibly()).isTrue();
    server.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    over.set(true);
    observer.join();
  }

  private void observe(KillCalls calls, AtomicBoolean over) {
    while (!over.get()) {
      for (String pipeline : List.of("edges", "twice")) {
        try {
          observe(calls, pipeline);
        } catch (UncheckedIOException e) {
          // The server is gone in the middle of an answer, or not there at all.
          return;
        }
      }
    }
  }

  /// Notes each datum of the pipeline's newest jobs that is a success.
  private void observe(KillCalls calls, String pipeline) {
    Optional<JsonNode> jobs = calls.json("/projects/default/jobs?limit=2&pipeline=" + pipeline);
    for (JsonNode job : jobs.orElseThrow().path("items")) {
      String target =
          "/projects/default/pipelines/%s/jobs/%s/datums?limit=1000"
              .formatted(pipeline, job.path("id").asString());
      long now = System.nanoTime();
      for (JsonNode datum : calls.json(target).orElseThrow().path("items")) {
        String state = datum.path("state").asString();
        if (state.equals("success") || state.equals("skipped")) {
          JsonNode input = datum.path("inputs").get(0);
          String name = input.path("path").asString() + " " + input.path("hash").asString();
          recorded.putIfAbsent(pipeline + " " + name, now);
        }
      }
    }
  }

  /// Waits until all is done, and compares with what must come out.
  private void verify(KillCalls calls) {
    Map<String, String> twice = new TreeMap<>();
    Map<String, String> pairs = new TreeMap<>();
    Map<String, String> edges = new TreeMap<>();
    model.forEach((path, content) -> {
      edges.put(path, "edges of " + content + "\n");
      twice.put(path, "twice edges of " + content + "\n");
      pairs.put(path, content + "edges of " + content + "\n");
    });
    String all = String.join("", twice.values()) + String.join("", pairs.values());
    for (String pipeline : PIPELINES) {
      String wait = REPOS + pipeline + "/commits/master/wait?timeout=60";
      JsonNode commit = calls.json(wait).orElseThrow();
      assertThat(commit.path("state").asString()).as("%s", commit).isEqualTo("finished");
    }
    assertThat(files(calls, "edges")).isEqualTo(edges);
    assertThat(files(calls, "twice")).isEqualTo(twice);
    assertThat(files(calls, "pairs")).isEqualTo(pairs);
    assertThat(files(calls, "montage")).isEqualTo(Map.of("/all", all));
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

  /// No computation began after its result had been seen recorded.
  private void verifyRuns(KillCalls calls, JobRuns runs) {
    runs.repeated()
        .forEach((name, times) -> {
          String[] words = name.split(" ", 3);
          // What `twice` reads ends with a line break that the shell took away.
          String content = words[2] + (words[0].equals("twice") ? "\n" : "");
          Long seen = recorded.get(words[0] + " " + words[1] + " " + hash(calls, content));
          if (seen != null) {
            assertThat(times.getLast()).as("%s ran again, at %s", name, times).isLessThan(seen);
          }
        });
    assertThat(recorded).isNotEmpty();
  }

  /// The hash that any file of this content has.
  private String hash(KillCalls calls, String content) {
    return hashes.computeIfAbsent(
        content,
        text -> {
          String target = REPOS + "hashes/commits/master/file?path=/x";
          send(calls, "PUT", target, text, "hash" + hashes.size() + "-" + text.hashCode());
          String look = REPOS + "hashes/commits/master/files/inspect?path=/x";
          return calls.json(look).orElseThrow().path("hash").asString();
        });
  }
}
