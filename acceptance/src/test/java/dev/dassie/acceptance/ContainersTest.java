package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The quickstart's spec as it is, in processes and in containers of a real engine, which goes away
/// and comes back. The image is made of this machine's own Python.
class ContainersTest {
  /// What `python3` is on Debian.
  private static final String PACKAGES =
      "libc6 libexpat1 zlib1g libbz2-1.0 liblzma5 libffi8 python3-minimal python3.11-minimal"
          + " libpython3.11-minimal libpython3.11-stdlib";

  private static final String IMAGE =
      """
      mkdir -p image/usr/bin image/usr/lib image/usr/lib64 image/usr/sbin
      for one in bin lib lib64 sbin; do ln -s usr/$one image/$one; done
      for file in $(dpkg -L %s); do
        if [ -f "$file" ] || [ -L "$file" ]; then
          case $file in /usr/share/doc/*|/usr/share/man/*) continue ;; esac
          mkdir -p "image$(dirname "$file")" && cp -a "$file" "image$file"
        fi
      done
      mkdir image/tmp && chmod 1777 image/tmp
      tar -C image -c . | podman import -q -c 'ENV PATH=/usr/bin' - localhost/python:3
      """
          .formatted(PACKAGES);

  private static final String SERVE =
      """
      rm -f engine.sock
      podman system service --time 0 unix://$PWD/engine.sock > engine.log 2>&1 < /dev/null &
      echo $! > engine.pid
      for i in $(seq 300); do
        curl -s --unix-socket engine.sock http://engine/version > /dev/null && exit 0
        sleep 0.1
      done
      exit 1
      """;

  @TempDir Path folder;
  private Instance containers;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/podman")),
        "SKIPPED: needs the Debian packages podman and runc");
    containers = new Instance(folder.resolve("containers"));
    Path work = containers.work();
    containers.write(
        "containers.conf",
        """
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        netns = "none"
        """);
    containers.write(
        "storage.conf",
        """
        [storage]
        driver = "vfs"
        graphroot = "%1$s/graph"
        runroot = "%1$s/run"
        """
            .formatted(work));
    containers.environment().put("CONTAINERS_CONF", work.resolve("containers.conf").toString());
    containers
        .environment()
        .put("CONTAINERS_STORAGE_CONF", work.resolve("storage.conf").toString());
    containers.environment().put("DASSIE_EXECUTOR", "container");
    containers.environment().put("DASSIE_ENGINE", work.resolve("engine.sock").toString());
    containers.environment().put("DASSIE_IMAGE", "localhost/python:3");
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (containers != null) {
      containers.close();
      containers.run("podman rm -fa; kill $(cat engine.pid)");
    }
  }

  @Test
  void theQuickstartGivesTheSameHashesAndSurvivesAnEngineThatGoesAway() throws Exception {
    containers.run(IMAGE).expect(0);
    containers.run(SERVE).expect(0);
    containers.run("dassie up").expect(0);
    String there = output(containers);
    try (Instance processes = Instance.started(folder.resolve("processes"))) {
      assertThat(there).isEqualTo(output(processes)).contains("\"hash\"");
    }
    assertThat(containers.run("dassie status").expect(0).out()).contains("container");
    assertThat(containers.run("dassie why monthly@master:/2015.csv -o json").expect(0).out())
        .contains("container linux/")
        .contains("image sha256:");

    containers.run("kill $(cat engine.pid); podman kill -a").expect(0);
    containers.run("dassie put file weather@master:/2016.csv -f 2015.csv").expect(0);
    containers
        .run(
            "for i in $(seq 300); do dassie why monthly@master | grep 'does not answer' && exit 0;"
                + " sleep 0.1; done; exit 1")
        .expect(0);
    containers.run(SERVE).expect(0);

    containers.run("dassie wait commit monthly@master").expect(0);
    assertThat(containers.run("dassie list file monthly@master").expect(0).out())
        .contains("2016.csv");
  }

  @Test
  void aKilledServerLeavesNoContainerAndNothingRecordedRunsAgain() throws Exception {
    containers.run(IMAGE).expect(0);
    containers.run(SERVE).expect(0);
    containers.run("dassie up").expect(0);
    try (JobRuns runs = new JobRuns()) {
      containers.write(
          "slow.py",
          """
          import os, shutil, time
          name = os.path.basename(os.environ['data'])
          %s
          time.sleep(0.3)
          shutil.copy('/pfs/data/' + name, '/pfs/out')
          """
              .formatted(runs.sayInPython("name")));
      containers.write(
          "slow.yaml",
          """
          pipeline: {name: slow}
          input: {pfs: {repo: data, glob: "/*"}}
          transform: {cmd: [python3, slow.py], source: ./code}
          parallelismSpec: {constant: 2}
          datumSetSpec: {number: 1}
          """);
      containers.run("mkdir code in && mv slow.py code && cd in && touch $(seq 10 69)").expect(0);
      containers.run("dassie create repo data && dassie put file -r data@master:/ -f in").expect(0);
      containers.run("dassie create pipeline -f slow.yaml").expect(0);

      KillCalls calls = new KillCalls(containers.url());
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      Set<String> recorded = recorded(calls);
      while (recorded.size() < 4 && System.nanoTime() < end) {
        LockSupport.parkNanos(50_000_000);
        recorded = recorded(calls);
      }
      containers.kill();
      containers
          .run(
              "for i in $(seq 100); do [ -z \"$(podman ps -q)\" ] && exit 0; sleep 0.1; done; exit 1")
          .expect(0);
      List<String> ended = containers.run("podman ps -aq").expect(0).lines();
      containers.run("dassie up").expect(0);
      containers.run("dassie wait commit slow@master --timeout 120s").expect(0);

      assertThat(containers.run("dassie list file slow@master -o jsonl").expect(0).lines())
          .hasSize(60);
      assertThat(containers.run("podman ps -aq").expect(0).lines())
          .doesNotContainAnyElementsOf(ended);
      assertThat(recorded).hasSizeBetween(4, 59);
      assertThat(runs.repeated().keySet()).doesNotContainAnyElementsOf(recorded);
    }
  }

  /// The files of the newest job whose results are recorded.
  private static Set<String> recorded(KillCalls calls) {
    Set<String> names = new TreeSet<>();
    String jobs = "/projects/default/jobs?pipeline=slow&limit=1";
    for (JsonNode job : calls.json(jobs).orElseThrow().path("items")) {
      String id = job.path("id").asString();
      String datums = "/projects/default/pipelines/slow/jobs/" + id + "/datums?limit=1000";
      for (JsonNode datum : calls.json(datums).orElseThrow().path("items")) {
        if (datum.path("state").asString().equals("success")) {
          names.add(datum.path("inputs").get(0).path("path").asString().substring(1));
        }
      }
    }
    return names;
  }

  private static String output(Instance instance) throws IOException, InterruptedException {
    Path quickstart = ProjectTree.ROOT.resolve("quickstart");
    instance
        .run("head -366 " + quickstart.resolve("seattle-weather.csv") + " > 2015.csv")
        .expect(0);
    instance.run("dassie create repo weather").expect(0);
    instance.run("dassie put file weather@master:/2015.csv -f 2015.csv").expect(0);
    instance.run("dassie create pipeline -f " + quickstart.resolve("monthly.yaml")).expect(0);
    instance.run("dassie wait commit monthly@master").expect(0);
    return instance
        .run("dassie list file monthly@master -o json")
        .expect(0)
        .out()
        .replaceAll("\"(commit|id|created)\": *\"[^\"]*\"", "");
  }
}
