package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pipelines, jobs, datums and logs as the command line shows them.
class PipelineCommandsTest {
  @TempDir static Path folder;
  private static Instance dassie;
  private static String set;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.write(
        "upper.yaml",
        """
        pipeline: {name: upper}
        input: {pfs: {repo: letters, glob: "/*.txt"}}
        transform: {source: ./code, cmd: [sh, run.sh]}
        """);
    dassie.write(
        "code/run.sh",
        "echo working on $letters\ntr a-z A-Z < $letters > /pfs/out/$(basename $letters)\n");
    dassie.write("code/notes.tmp", "not part of the code");
    dassie.write("code/.gitignore", "*.tmp\n");
    dassie.run("dassie create repo letters").expect(0);
    dassie.run("printf a > a.txt && printf b > b.txt && printf c > c.csv").expect(0);
    dassie.run("dassie put file letters@master -f a.txt -f b.txt -f c.csv").expect(0);
    dassie.run("dassie create pipeline -f upper.yaml").expect(0);
    dassie.run("dassie wait commit upper@master --timeout 60s").expect(0);
    dassie.run("printf A > a.txt && dassie put file letters@master -f a.txt").expect(0);
    set =
        dassie
            .run("dassie list commit letters@master -o jsonl | head -1 | cut -d'\"' -f4")
            .expect(0)
            .out()
            .strip();
    dassie.run("dassie wait job " + set + " --timeout 60s").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void aJobSaysWhatRanAndWhatDidNot() throws Exception {
    assertThat(dassie.run("dassie inspect job upper@" + set).expect(0).lines())
        .contains("State: success", "Datums: 2 total, 1 success, 1 skipped, 0 failed, 0 recovered");
    assertThat(dassie.run("dassie list job " + set + " -o jsonl").expect(0).lines()).hasSize(1);
    assertThat(dassie.run("dassie list job -p upper -o jsonl").expect(0).lines()).hasSize(2);
  }

  @Test
  void datumsAreListedWithTheirFiles() throws Exception {
    assertThat(dassie.run("dassie list datum upper@" + set).expect(0).lines())
        .hasSize(3)
        .anyMatch(line -> line.matches("[0-9a-f]{64} +letters:/a.txt +success .*"))
        .anyMatch(line -> line.matches("[0-9a-f]{64} +letters:/b.txt +skipped .*"));
  }

  @Test
  void aPreviewMakesNoJobAndNamesWhatIsLeftOut() throws Exception {
    dassie.run("sed 's/upper/lower/; s/run.sh/none.sh/' upper.yaml > lower.yaml").expect(0);

    Instance.Result preview = dassie.run("dassie list datum -f lower.yaml").expect(0);

    assertThat(preview.lines()).hasSize(3).anyMatch(line -> line.contains("letters:/a.txt"));
    dassie.run("dassie inspect pipeline lower").expect(3);
  }

  @Test
  void logsAreThoseOfTheRunThatMadeTheResult() throws Exception {
    assertThat(dassie.run("dassie logs -p upper -j " + set).expect(0).lines())
        .contains("working on /pfs/letters/a.txt", "working on /pfs/letters/b.txt");
    assertThat(dassie.run("dassie logs -p upper --tail 1").expect(0).lines()).hasSize(1);
  }

  @Test
  void ignoredFilesAreNotPartOfTheCode() throws Exception {
    assertThat(dassie.run("dassie glob file 'upper.spec@master:/source/**'").expect(0).out())
        .contains("/source/run.sh")
        .doesNotContain("notes.tmp");
  }

  @Test
  void whyLeadsBackToThePut() throws Exception {
    assertThat(dassie.run("dassie why upper@master:/b.txt").expect(0).out())
        .contains("made by pipeline `upper`", "not run again", "sh run.sh", "put by local:");
    assertThat(dassie.run("dassie why upper@master:/b.txt -o jsonl").expect(0).lines()).hasSize(2);
  }

  @Test
  void finishedCommitsAreFollowed() throws Exception {
    assertThat(
            dassie
                .run("timeout 60 dassie subscribe commit upper@master --count 2")
                .expect(0)
                .lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"state\":\"finished\""));
  }

  @Test
  void aSecondPipelineOfThatNameIsAConflictAndAnUpdateIsNot() throws Exception {
    assertThat(dassie.run("dassie create pipeline -f upper.yaml").expect(5).err())
        .isEqualTo("A pipeline named `upper` exists already.\n");
    dassie
        .run("sed 's/name: upper/name: other/' upper.yaml | dassie create pipeline -f -")
        .expect(0);
    dassie
        .run("sed 's/name: upper/name: other/' upper.yaml | dassie update pipeline -f -")
        .expect(0);

    assertThat(dassie.run("dassie inspect pipeline other").expect(0).lines())
        .contains("Version: 2");
    dassie.run("dassie delete pipeline other").expect(0);
    dassie.run("dassie inspect repo other").expect(3);
  }
}
