package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Four pipelines, one behind another and side by side, over a repo that changes while something
/// breaks; what must come out is known, and what was recorded must not run again.
final class JobsUnderFaults {
  private static final int FILES = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> PIPELINES = List.of("edges", "twice", "pairs", "montage");
  private static final String REPOS = "/projects/default/repos/";

  private final KillCalls calls;
  private final JobRuns runs;
  private final Random random;

  /// What the server has called a success, by pipeline, path and content, and when that was seen.
  private final Map<String, Long> recorded = new ConcurrentHashMap<>();

  private final Map<String, String> model = new TreeMap<>();
  private final Map<String, String> hashes = new ConcurrentHashMap<>();

  JobsUnderFaults(KillCalls calls, JobRuns runs, Random random) {
    this.calls = calls;
    this.runs = runs;
    this.random = random;
  }

  /// Makes the repo, its first files and the pipelines.
  void begin(Instance dassie) throws Exception {
    dassie.run("dassie create repo data && dassie create repo hashes").expect(0);
    dassie.write("dag.yaml", specs());
    change(0);
    dassie.run("dassie create pipeline -f dag.yaml").expect(0);
  }

  int recorded() {
    return recorded.size();
  }

  private String specs() {
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
  void change(int round) {
    JsonNode open =
        send("POST", REPOS + "data/commits", "{\"branch\":\"master\"}", "start" + round);
    String commit = open.path("id").asString();
    for (int i = 0; i < FILES; i++) {
      if (round == 0 || random.nextInt(4) == 0) {
        String path = "/f%02d".formatted(i);
        String content = "%02d version %d".formatted(i, random.nextInt(round / 2 + 2));
        model.put(path, content);
        String target = REPOS + "data/commits/" + commit + "/file?path=" + path;
        send("PUT", target, content, "put" + round + "-" + i);
      }
    }
    send("POST", REPOS + "data/commits/" + commit + "/finish", "", "finish" + round);
  }

  /// Repeats a call until it is answered: clients do so by themselves.
  private JsonNode send(String method, String target, String body, String key) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return calls.insist(
        new KillCalls.Request(key, method, target, bytes, m -> {}, r -> {}), PATIENCE);
  }

  /// Looks at what the jobs have recorded until `over`, or until nobody answers.
  void observe(AtomicBoolean over) {
    while (!over.get()) {
      for (String pipeline : List.of("edges", "twice")) {
        try {
          observe(pipeline);
        } catch (UncheckedIOException e) {
          // The server is gone in the middle of an answer, or not there at all.
          return;
        } catch (KillCalls.UnavailableException e) {
          // It is there, and what it needs is not.
          LockSupport.parkNanos(50_000_000);
        }
      }
    }
  }

  /// Notes each datum of the pipeline's newest jobs that is a success.
  private void observe(String pipeline) {
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
  void verify() {
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
      JsonNode commit = calls.insist(wait, PATIENCE);
      assertThat(commit.path("state").asString()).as("%s", commit).isEqualTo("finished");
    }
    assertThat(files("edges")).isEqualTo(edges);
    assertThat(files("twice")).isEqualTo(twice);
    assertThat(files("pairs")).isEqualTo(pairs);
    assertThat(files("montage")).isEqualTo(Map.of("/all", all));
  }

  private Map<String, String> files(String repo) {
    Map<String, String> files = new TreeMap<>();
    KillObservation.files(calls, repo + "@master", "/")
        .forEach((name, bytes) -> {
          String path = name.substring(name.indexOf(':') + 1);
          files.put(path, StandardCharsets.UTF_8.decode(bytes).toString());
        });
    return files;
  }

  /// No computation began after its result had been seen recorded.
  void verifyRuns() {
    runs.repeated()
        .forEach((name, times) -> {
          String[] words = name.split(" ", 3);
          // What `twice` reads ends with a line break that the shell took away.
          String content = words[2] + (words[0].equals("twice") ? "\n" : "");
          Long seen = recorded.get(words[0] + " " + words[1] + " " + hash(content));
          if (seen != null) {
            assertThat(times.getLast()).as("%s ran again, at %s", name, times).isLessThan(seen);
          }
        });
    assertThat(recorded).isNotEmpty();
  }

  /// The hash that any file of this content has.
  private String hash(String content) {
    return hashes.computeIfAbsent(
        content,
        text -> {
          String target = REPOS + "hashes/commits/master/file?path=/x";
          send("PUT", target, text, "hash" + hashes.size() + "-" + text.hashCode());
          String look = REPOS + "hashes/commits/master/files/inspect?path=/x";
          return calls.json(look).orElseThrow().path("hash").asString();
        });
  }
}
