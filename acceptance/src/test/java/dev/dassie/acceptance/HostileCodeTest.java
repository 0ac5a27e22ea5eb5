package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users' code that takes what it can get or goes where it must not: a limit ends it, its job says
/// which in one sentence, and the server serves on.
class HostileCodeTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = new Instance(folder);
    dassie.environment().put("DASSIE_DATUM_DISK", "16MiB");
    dassie.environment().put("DASSIE_DATUM_MEMORY", "200MiB");
    dassie.environment().put("DASSIE_DATUM_PROCESSES", "100");
    dassie.run("dassie up").expect(0);
    dassie.run("dassie create repo data").expect(0);
    dassie.run("printf secret > one && dassie put file data@master -f one").expect(0);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  @Test
  void whatADatumMayTakeIsExplained() throws Exception {
    assertThat(dassie.run("dassie config explain | tr -s ' '").expect(0).out())
        .contains("datum_disk 16MiB environment DASSIE_DATUM_DISK")
        .contains("datum_processes 100 environment")
        .contains("job_datums 5000000 default");
  }

  @Test
  void aDatumThatWritesAHundredGigabytesIsEnded() throws Exception {
    assertThat(reason("writes", "head -c 100G /dev/zero > /pfs/out/big", ""))
        .contains(
            "The code wrote more than 16 MiB to the disk and was ended: raise `datum_disk` in the"
                + " configuration of the server.");
    assertThat(reason("holes", "truncate -s 100G /pfs/out/big", "")).contains("`datum_disk`");
  }

  @Test
  void aDatumThatForksTenThousandProcessesIsEnded() throws Exception {
    assertThat(reason("forks", "for i in $(seq 10000); do sleep 1000 & done; wait", ""))
        .contains(
            "The code had more than 100 processes and threads at once and was killed: raise"
                + " `datum_processes` in the configuration of the server.");
  }

  @Test
  void aDatumThatEatsMemoryWithoutEndIsEnded() throws Exception {
    assertThat(reason("eats", "tail /dev/zero", ""))
        .contains(
            "The code used more than 200 MiB of memory and was killed: raise `datum_memory` in"
                + " the configuration of the server.");
    assertThat(reason("eats-more", "tail /dev/zero", "resourceLimits: {memory: 64Mi}"))
        .contains("more than 64 MiB of memory", "raise `resourceLimits.memory` in the spec.");
  }

  @Test
  void aDatumThatIgnoresTermIsEndedAllTheSame() throws Exception {
    String script = "trap '' TERM INT HUP; while :; do sleep 1; done";

    assertThat(reason("deaf", script, "datumTimeout: 1s"))
        .contains("The code did not end within 1 s and was killed.");
  }

  @Test
  void aJobThatNeverEndsIsEndedByItsTimeout() throws Exception {
    assertThat(reason("endless", "sleep 100000", "jobTimeout: 1s"))
        .contains("The job ran longer than its `jobTimeout` of 1 s.");
  }

  @Test
  void aDatumThatClosesItsOutputRunsToItsEnd() throws Exception {
    spec("mute", "exec >&- 2>&-; cp /pfs/data/one /pfs/out/", "");
    dassie.run("dassie create pipeline -f mute.yaml && dassie wait commit mute@master").expect(0);

    assertThat(dassie.run("dassie get file mute@master:/one").expect(0).out()).isEqualTo("secret");
  }

  @Test
  void aDatumThatDeletesItsInputsDeletesNothing() throws Exception {
    assertThat(reason("deletes", "rm -rf /pfs/data/one; rm /pfs/data/one || exit 9", ""))
        .contains("exit code 9");
    assertThat(dassie.run("dassie get file data@master:/one").expect(0).out()).isEqualTo("secret");
  }

  @Test
  void aLinkToAFileOfTheHostIsRefusedWithItsPath() throws Exception {
    assertThat(reason("links", "ln -s /etc/shadow /pfs/out/mine", ""))
        .contains("/pfs/out/mine", "/etc/shadow");
    assertThat(dassie.run("dassie logs -p links").out()).doesNotContain("root:");
  }

  @Test
  void tenMillionDatumsOfACrossAreRefusedWithTheirNumber() throws Exception {
    String sentence =
        "The number of datums of the input is `10,240,000`, expected at most 5,000,000: raise"
            + " `job_datums` in the configuration of the server, or narrow the globs.";
    dassie.run("dassie create repo many && mkdir many && cd many && seq 3200 | xargs touch");
    dassie.run("dassie put file -r many@master:/ -f many").expect(0);
    dassie.write(
        "cross.yaml",
        """
        pipeline: {name: pairs}
        input:
          cross:
          - pfs: {repo: many, name: a, glob: "/*"}
          - pfs: {repo: many, name: b, glob: "/*"}
        transform: {cmd: ["true"]}
        """);

    assertThat(dassie.run("dassie list datum -f cross.yaml").expect(2).err()).contains(sentence);
    assertThat(dassie.run("dassie plan -f cross.yaml").out()).contains(sentence);
    dassie.run("dassie create pipeline -f cross.yaml").expect(0);
    dassie.run("dassie wait commit pairs@master --timeout 60s").expect(1);

    assertThat(dassie.run("dassie list job -p pairs -o json").expect(0).out()).contains(sentence);
    assertThat(dassie.run("dassie why pairs@master").expect(0).out()).contains("10,240,000");
  }

  /// Of the job that runs a script on the one file.
  private static String reason(String name, String script, String more)
      throws IOException, InterruptedException {
    spec(name, script, more);
    dassie.run("dassie create pipeline -f " + name + ".yaml").expect(0);
    dassie.run("dassie wait commit " + name + "@master --timeout 120s").expect(1);
    String jobs = dassie.run("dassie list job -p " + name + " -o json").expect(0).out();
    assertThat(jobs.replaceAll("\\s", "")).contains("\"state\":\"failed\"");
    return jobs;
  }

  private static void spec(String name, String script, String more) {
    dassie.write(
        name + ".yaml",
        """
        pipeline: {name: %s}
        input: {pfs: {repo: data, glob: "/*"}}
        datumTries: 1
        transform:
          cmd: [sh]
          stdin:
          - |
            %s
        %s
        """
            .formatted(name, script, more));
  }
}
