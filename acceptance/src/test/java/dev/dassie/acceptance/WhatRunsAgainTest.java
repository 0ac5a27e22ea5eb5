package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a change makes run again, and what it does not, through the command line on the real
/// executor: the promise about datum keys.
class WhatRunsAgainTest {
  @TempDir Path folder;
  private Instance dassie;

  @BeforeEach
  void start() throws Exception {
    dassie = Instance.started(folder);
    dassie.write("code/run.sh", "cp -r /pfs/in/. /pfs/out/\n");
    dassie.write("code/notes.txt", "read by nobody\n");
    spec("copy", "master", "");
    dassie.run("dassie create repo data").expect(0);
    dassie.run("mkdir -p t/a t/b t/c && for d in a b c; do echo $d > t/$d/x; done").expect(0);
    dassie.run("dassie put file -r data@master:/ -f t").expect(0);
    dassie.run("dassie create pipeline -f copy.yaml").expect(0);
    expect("copy", 3, 0);
  }

  @AfterEach
  void stop() throws IOException {
    dassie.close();
  }

  private void spec(String name, String branch, String more) {
    dassie.write(
        name + ".yaml",
        """
        pipeline: {name: %s}
        input: {pfs: {repo: data, branch: %s, name: in, glob: "/*"}}
        transform: {source: ./code, cmd: [sh, run.sh], env: {LEVEL: "1"}}
        %s
        """
            .formatted(name, branch, more));
  }

  /// The newest job of a pipeline ran so many datums and took the results of so many others.
  private void expect(String pipeline, int ran, int skipped) throws Exception {
    dassie.run("dassie wait commit " + pipeline + "@master --timeout 60s").expect(0);
    String line =
        dassie
            .run("dassie list job -p %s -o jsonl --limit 1 | head -1".formatted(pipeline))
            .expect(0)
            .out();
    JsonNode datums = dev.dassie.api.Json.parse(line).path("datums");
    assertThat(datums.path("success").asInt()).as("ran: %s", line).isEqualTo(ran);
    assertThat(datums.path("skipped").asInt()).as("skipped: %s", line).isEqualTo(skipped);
  }

  @Test
  void filesThatAreRenamedInsideADatumAreNoticed() throws Exception {
    dassie.run("mv t/a/x t/a/y && dassie put file -r --mirror data@master:/ -f t").expect(0);

    expect("copy", 1, 2);
    assertThat(dassie.run("dassie list file copy@master:/a -o jsonl").expect(0).out())
        .contains("/a/y")
        .doesNotContain("/a/x");
  }

  @Test
  void goingBackRunsNothing() throws Exception {
    dassie.run("echo new > n && dassie put file data@master:/a/x -f n").expect(0);
    expect("copy", 1, 2);

    dassie.run("dassie create branch data@master --head data@master^").expect(0);

    expect("copy", 0, 3);
    assertThat(dassie.run("dassie get file copy@master:/a/x").expect(0).out()).isEqualTo("a\n");
  }

  @Test
  void aLineOfTheSourceRunsAllAgainAndBackRunsNothing() throws Exception {
    dassie.write("code/run.sh", "# better\ncp -r /pfs/in/. /pfs/out/\n");
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 3, 0);

    dassie.write("code/run.sh", "cp -r /pfs/in/. /pfs/out/\n");
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 0, 3);
  }

  @Test
  void declaredVariablesAreOfTheKeyAndLimitsAreNot() throws Exception {
    spec("copy", "master", "datumTries: 2\ndatumTimeout: 50s\njobTimeout: 10m\ndescription: other");
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 0, 3);

    spec("copy", "master", "parallelismSpec: {constant: 2}\nresourceLimits: {cpu: 1}");
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 0, 3);

    dassie.run("sed -i 's/LEVEL: \"1\"/LEVEL: \"2\"/' copy.yaml").expect(0);
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 3, 0);
  }

  @Test
  void theSameComputationElsewhereIsReused() throws Exception {
    spec("again", "master", "");
    dassie.run("dassie create pipeline -f again.yaml").expect(0);
    expect("again", 0, 3);

    dassie.run("dassie create branch data@other --head data@master").expect(0);
    dassie.run("echo d > n && dassie put file data@other:/d/x -f n").expect(0);
    spec("branched", "other", "");
    dassie.run("dassie create pipeline -f branched.yaml").expect(0);
    expect("branched", 1, 3);
  }

  @Test
  void reprocessRunsAllAgainOnce() throws Exception {
    dassie.run("dassie update pipeline -f copy.yaml --reprocess").expect(0);
    expect("copy", 3, 0);

    dassie.run("echo d > n && dassie put file data@master:/d/x -f n").expect(0);
    expect("copy", 1, 3);
  }

  @Test
  void onlyWhatFailedRunsAgain() throws Exception {
    dassie.write("code/run.sh", "grep -q bad /pfs/in/*/x && exit 3\ncp -r /pfs/in/. /pfs/out/\n");
    dassie.run("dassie update pipeline -f copy.yaml").expect(0);
    expect("copy", 3, 0);
    dassie.run("echo bad > n && dassie put file data@master:/a/x -f n").expect(0);
    assertThat(dassie.run("dassie wait commit copy@master --timeout 60s").exit()).isEqualTo(1);
    dassie.run("echo good > n && dassie put file data@master:/a/x -f n").expect(0);

    expect("copy", 1, 2);
  }
}
