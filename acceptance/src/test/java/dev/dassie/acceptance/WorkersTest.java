package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Workers as processes of their own: one is killed, one is paused for longer than its leases last,
/// the server is started anew in the middle. What comes out is what the server makes alone.
@Timeout(600)
class WorkersTest {
  private static final int FILES = 60;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  @TempDir Path folder;

  private final List<Process> workers = new ArrayList<>();

  private static String spec(String code) {
    return """
    pipeline: {name: twice}
    input: {pfs: {repo: data, name: in, glob: "/*"}}
    parallelismSpec: {constant: 8}
    datumSetSpec: {number: 5}
    transform: {cmd: [bash], stdin: ['n=$(ls /pfs/in); c=$(head -1 /pfs/in/$n)', '%s', 'cat /pfs/in/$n /pfs/in/$n > /pfs/out/$n; echo log of $n']}
    """
        .formatted(code);
  }

  private void data(Instance dassie) throws IOException, InterruptedException {
    for (int i = 0; i < FILES; i++) {
      dassie.write("data/f%02d".formatted(i), ("file " + i + "\n").repeat(i % 2 == 0 ? 1 : 5_000));
    }
    dassie.run("dassie create repo data && dassie put file data@master:/ -r -f data/").expect(0);
  }

  private Process worker(Instance dassie, String flags) throws IOException {
    return worker(dassie, flags, dassie.home().resolve("../worker-" + workers.size() + ".log"));
  }

  private Process worker(Instance dassie, String flags, Path log) throws IOException {
    Process worker =
        dassie
            .start("exec dassie worker " + flags)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    workers.add(worker);
    return worker;
  }

  private String log(Instance dassie, int worker) throws IOException {
    return Files.readString(
        dassie.home().resolve("../worker-" + worker + ".log"), StandardCharsets.UTF_8);
  }

  private static JsonNode list(Instance dassie) throws IOException, InterruptedException {
    return Json.parse(dassie.run("dassie list worker -o json").expect(0).out()).path("items");
  }

  private interface Looking {
    boolean look() throws IOException, InterruptedException;
  }

  private static void until(Looking condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.look()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited for two minutes");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static boolean any(JsonNode workers, Predicate<JsonNode> is) {
    for (JsonNode worker : workers) {
      if (is.test(worker)) {
        return true;
      }
    }
    return false;
  }

  private static void joined(Instance dassie, int count) throws Exception {
    until(() -> list(dassie).size() == count);
  }

  private void endWorkers() throws InterruptedException {
    for (Process worker : workers) {
      worker.destroy();
    }
    for (Process worker : workers) {
      assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// The hash of the whole output, from an instance whose server runs the same alone.
  private String alone() throws Exception {
    try (Instance dassie = Instance.started(Files.createDirectory(folder.resolve("alone")))) {
      data(dassie);
      dassie.write("twice.yaml", spec("true"));
      dassie.run("dassie create pipeline -f twice.yaml").expect(0);
      dassie.run("dassie wait commit twice@master").expect(0);
      return hash(dassie);
    }
  }

  private static String hash(Instance dassie) throws Exception {
    return dassie
        .run(
            "dassie list file twice@master -o jsonl | sed 's/.*\"path\":\"\\([^\"]*\\)\".*\"hash\":\"\\([^\"]*\\)\".*/\\1 \\2/'")
        .expect(0)
        .out();
  }

  @Test
  void workersThatAreKilledAndPausedAndAServerThatIsStartedAnewChangeNothing() throws Exception {
    String expected = alone();
    try (JobRuns runs = new JobRuns();
        Instance dassie = new Instance(Files.createDirectory(folder.resolve("many")))) {
      dassie.environment().put("DASSIE_WORKERS", "none");
      dassie.run("dassie up").expect(0);
      data(dassie);
      Process killed = worker(dassie, "--name killed --slots 1");
      Process paused = worker(dassie, "--name paused --slots 1");
      joined(dassie, 2);
      dassie.write("twice.yaml", spec(runs.say("$c") + "; sleep 0.2"));
      dassie.run("dassie create pipeline -f twice.yaml").expect(0);

      until(
          () -> any(list(dassie), one -> isNamed(one, "killed") && one.path("done").asInt(0) > 2));
      killed.destroyForcibly();
      until(
          () -> any(list(dassie), one -> isNamed(one, "paused") && one.path("done").asInt(0) > 2));
      signal(paused, "STOP");
      until(() -> list(dassie).isEmpty());
      Process third = worker(dassie, "--name third --slots 2");
      joined(dassie, 1);
      int before = runs.count();
      until(() -> runs.count() > before + 5);
      signal(paused, "CONT");
      until(() -> log(dassie, 1).contains("its datums went to others"));
      joined(dassie, 2);
      int middle = runs.count();
      until(() -> runs.count() > middle + 3);
      Set<String> recorded = recorded(dassie);
      long seen = System.nanoTime();
      dassie.run("dassie down && dassie up").expect(0);
      joined(dassie, 2);
      dassie.run("dassie wait commit twice@master").expect(0);

      assertThat(hash(dassie)).isEqualTo(expected);
      assertThat(recorded).isNotEmpty();
      runs.repeated()
          .forEach((name, times) ->
              assertThat(times).as(name).noneMatch(at -> recorded.contains(name) && at > seen));
      String job = dassie.run("dassie list job -p twice -o json").expect(0).out();
      JsonNode datums = Json.parse(job).path("items").get(0).path("datums");
      assertThat(datums.path("success").asInt(-1) + datums.path("skipped").asInt(0))
          .isEqualTo(FILES);
      assertThat(dassie.run("dassie logs -p twice").expect(0).out()).contains("log of f07");
      dassie.run("dassie fsck").expect(0);
      endWorkers();
      assertThat(third.exitValue()).isEqualTo(143);
      until(() -> list(dassie).isEmpty());
      System.out.printf(
          "workers: %d datums, %d runs, %d repeated that were not recorded%n",
          FILES, runs.count(), runs.repeated().size());
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
  }

  private static boolean isNamed(JsonNode worker, String name) {
    return worker.path("name").asString("").equals(name);
  }

  /// What was computed of the datums that have a result.
  private static Set<String> recorded(Instance dassie) throws Exception {
    Set<String> recorded = new TreeSet<>();
    String text = dassie.run("dassie list job -p twice -o json").expect(0).out();
    String job = Json.parse(text).path("items").get(0).path("id").asString("");
    String datums =
        dassie.run("dassie list datum twice@" + job + " --limit 1000 -o json").expect(0).out();
    for (JsonNode datum : Json.parse(datums).path("items")) {
      if (datum.path("state").asString("").equals("success")) {
        String path = datum.path("inputs").get(0).path("path").asString("");
        recorded.add("file " + Integer.parseInt(path.replaceAll("[^0-9]", "")));
      }
    }
    return recorded;
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  @Test
  void aWorkerThatCannotTakePartSaysSoInASentence() throws Exception {
    try (Instance dassie = Instance.started(Files.createDirectory(folder.resolve("one")))) {
      Path other = Files.createDirectories(folder.resolve("elsewhere/tmp")).getParent();

      Instance.Result nobody = dassie.run("dassie worker --url http://127.0.0.1:1");
      Instance.Result store = dassie.run("dassie worker --store " + other);
      Instance.Result none = dassie.run("dassie worker --store " + folder.resolve("none"));
      Instance.Result slots = dassie.run("dassie worker --slots 0");
      Instance.Result sandbox = dassie.run("dassie worker --sandbox none");

      assertThat(nobody.exit()).isEqualTo(1);
      assertThat(nobody.err()).contains("The server at `http://127.0.0.1:1` does not answer");
      assertThat(store.exit()).isNotZero();
      assertThat(store.err()).contains("it cannot be read and written from here");
      assertThat(none.err()).contains("no store is there on this machine");
      assertThat(slots.exit()).isEqualTo(2);
      assertThat(slots.err()).contains("`--slots` is `0`, expected a number from 1");
      assertThat(sandbox.exit()).isEqualTo(5);
      assertThat(sandbox.err()).contains("has the sandbox `none`").contains("it cannot take part");
      assertThat(list(dassie).isEmpty()).isTrue();
    }
  }

  @Test
  void aServerWithATokenTakesNoWorkerWithoutIt() throws Exception {
    try (Instance dassie = new Instance(Files.createDirectory(folder.resolve("token")))) {
      Path token = dassie.write("token", "correct-horse-battery-staple\n");
      Path wrong = dassie.write("wrong", "incorrect-horse-battery-staple\n");
      dassie.environment().put("DASSIE_WORKER_TOKEN_FILE", token.toString());
      dassie.run("dassie up").expect(0);

      Instance.Result refused = dassie.run("dassie worker --token-file " + wrong);
      Process taken = worker(dassie, "--token-file " + token);
      joined(dassie, 1);
      taken.destroy();

      assertThat(refused.exit()).isNotZero();
      assertThat(refused.err()).contains("may not take part without the token of the server");
      assertThat(taken.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(dassie.home().resolve("workers")).isEmptyDirectory();
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void aWorkerReadsAndWritesAStoreInS3() throws Exception {
    try (Backends backends = Backends.start();
        Instance dassie = new Instance(Files.createDirectory(folder.resolve("s3")))) {
      backends.accept("worker-key");
      dassie.environment().put("AWS_ACCESS_KEY_ID", "worker-key");
      dassie.environment().put("AWS_SECRET_ACCESS_KEY", Backends.SECRET);
      dassie.environment().put("AWS_EC2_METADATA_DISABLED", "true");
      dassie.environment().put("DASSIE_STORE", backends.newStore());
      dassie.environment().put("DASSIE_WORKERS", "none");
      dassie.run("dassie up").expect(0);
      data(dassie);
      Instance.Result keyless = dassie.run("AWS_SECRET_ACCESS_KEY=wrong dassie worker");
      Process worker = worker(dassie, "--name far");
      joined(dassie, 1);
      dassie.write("twice.yaml", spec("true"));

      dassie.run("dassie create pipeline -f twice.yaml").expect(0);
      dassie.run("dassie wait commit twice@master").expect(0);

      assertThat(keyless.exit()).isNotZero();
      assertThat(keyless.err()).contains("refuses these credentials");
      assertThat(hash(dassie).lines()).hasSize(FILES);
      assertThat(list(dassie).get(0).path("done").asInt(0)).isEqualTo(FILES);
      dassie.run("dassie fsck").expect(0);
      worker.destroy();
      assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
  }
}
