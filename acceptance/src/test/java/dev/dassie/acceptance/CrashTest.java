package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server, killed with -9 while it works.
class CrashTest {
  private static final int ROUNDS = 3;

  @TempDir Path folder;

  @Test
  void everyAcknowledgedPutIsThereAfterKillNine() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> acknowledged = new ArrayList<>();
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo data").expect(0);
      for (int round = 0; round < ROUNDS; round++) {
        Process writer = writer(dassie, round);
        List<String> names = readSome(writer, 5 + random.nextInt(40));
        dassie.run("kill -9 $(cat $DASSIE_HOME/dassie.pid)").expect(0);
        names.addAll(rest(writer));
        acknowledged.addAll(names);
        dassie.run("dassie up").expect(0);
        List<String> found =
            dassie
                .run(
                    "dassie glob file 'data@master:/*' -o jsonl | python3 -c 'import json,sys\nfor l in sys.stdin: print(json.loads(l)[\"path\"][1:])'")
                .expect(0)
                .lines();
        assertThat(found).as("seed " + seed).containsAll(acknowledged);
        assertThat(found.size()).isLessThanOrEqualTo(acknowledged.size() + round + 1);
      }
      String last = acknowledged.getLast();
      assertThat(dassie.run("dassie get file data@master:/" + last).expect(0).out())
          .isEqualTo("content of " + last);
      assertThat(dassie.run("dassie list commit data@master -o jsonl").expect(0).lines())
          .hasSizeGreaterThanOrEqualTo(acknowledged.size());
    }
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

  private static Process writer(Instance dassie, int round) throws IOException {
    String script =
        """
        import sys, urllib.request
        for i in range(1000):
            name = "r%d-%%d" %% i
            url = "%s/api/v1/projects/default/repos/data/commits/master/file?path=/" + name
            request = urllib.request.Request(url, data=("content of " + name).encode(), method="PUT")
            try:
                with urllib.request.urlopen(request) as reply:
                    if reply.status == 200:
                        print(name, flush=True)
            except Exception:
                break
        """
            .formatted(round, dassie.url());
    Path file = dassie.write("writer.py", script);
    return dassie.start("exec python3 " + file).start();
  }

  private static List<String> readSome(Process writer, int lines) throws IOException {
    List<String> names = new ArrayList<>();
    BufferedReader reader = writer.inputReader(StandardCharsets.UTF_8);
    while (names.size() < lines) {
      String line = reader.readLine();
      if (line == null) {
        throw new AssertionError("the writer ended early, after " + names);
      }
      names.add(line);
    }
    return names;
  }

  private static List<String> rest(Process writer) throws IOException {
    return writer.inputReader(StandardCharsets.UTF_8).lines().toList();
  }
}
