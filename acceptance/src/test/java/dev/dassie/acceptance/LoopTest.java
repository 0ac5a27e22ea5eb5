package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The local loop: `dev`, and a datum that is looked into.
class LoopTest {
  @TempDir static Path folder;
  private static Instance dassie;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    dassie = Instance.started(folder);
    dassie.write(
        "fussy.yaml",
        """
        pipeline: {name: fussy}
        input: {pfs: {repo: numbers, glob: "/*"}}
        transform: {source: ./code, cmd: [sh, run.sh], env: {LEVEL: "7"}}
        datumTries: 1
        """);
    dassie.write(
        "code/run.sh",
        """
        echo looking at $numbers
        test "$(cat $numbers)" != 3 || exit 9
        cp $numbers /pfs/out/
        """);
    dassie.run("dassie create repo numbers").expect(0);
    dassie.run("for i in 1 2 3; do echo $i > $i; done").expect(0);
    dassie.run("dassie put file numbers@master -f 1 -f 2 -f 3").expect(0);
    dassie.run("dassie create pipeline -f fussy.yaml").expect(0);
    dassie.run("dassie wait commit fussy@master --timeout 60s").expect(1);
  }

  @AfterAll
  static void stop() throws IOException {
    dassie.close();
  }

  private static String datum(String path) throws IOException, InterruptedException {
    return dassie
        .run("dassie list datum fussy@master | grep numbers:/" + path + " | cut -d' ' -f1")
        .expect(0)
        .out()
        .strip();
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aFailedDatumFailsAgainAndTheRecordStays() throws Exception {
    String before = dassie.run("dassie list datum fussy@master -o jsonl").expect(0).out();

    Instance.Result again = dassie.run("dassie run datum fussy@master " + datum("3")).expect(1);

    assertThat(again.lines()).containsExactly("looking at /pfs/numbers/3");
    assertThat(again.err())
        .contains("It failed again after", "exit code 9", "Nothing was recorded.");
    assertThat(dassie.run("dassie list datum fussy@master -o jsonl").expect(0).out())
        .isEqualTo(before);
  }

  @Test
  void aDatumThatSucceededIsComparedWithWhatIsRecorded() throws Exception {
    Instance.Result again = dassie.run("dassie run datum fussy@master " + datum("1")).expect(0);

    assertThat(again.err()).contains("with the output that is recorded");
    assertThat(
            dassie
                .run("dassie run datum fussy@master " + datum("1") + " -o jsonl")
                .expect(0)
                .lines())
        .singleElement()
        .asString()
        .contains("\"state\":\"success\"", "\"compared\":true");
    dassie.run("dassie run datum fussy@master 00000000").expect(3);
  }

  @Test
  void onceEndsWithTheExitCodeOfItsDatums() throws Exception {
    dassie.run("mkdir -p once && cp -r code once/ && sed s/fussy/once/ fussy.yaml > once/s.yaml");

    Instance.Result failing = dassie.run("dassie dev -f once/s.yaml --once -o jsonl").expect(1);
    dassie.run("sed -i 's/!= 3/!= 33/' once/code/run.sh").expect(0);
    Instance.Result good = dassie.run("dassie dev -f once/s.yaml --once -o jsonl").expect(0);
    dassie.run("dassie dev -f once/s.yaml --once --sample 0").expect(2);
    dassie.run("sed -i 's/cmd:/cdm:/' once/s.yaml").expect(0);
    Instance.Result broken = dassie.run("dassie dev -f once/s.yaml --once").expect(2);

    assertThat(failing.lines().getLast()).contains("\"failed\":1");
    assertThat(good.lines().getLast()).contains("\"failed\":0");
    assertThat(broken.err()).startsWith("once/s.yaml:3:");
    dassie.run("dassie inspect pipeline once").expect(3);
    dassie.run("dassie inspect repo once").expect(3);
  }

  @Test
  void anInterruptEndsEverythingThatRuns() throws Exception {
    String mark = "86399." + ProcessHandle.current().pid();
    dassie.run("mkdir -p slow && sed 's/fussy/slow/; s/code/./' fussy.yaml > slow/s.yaml");
    dassie.write("slow/run.sh", "echo begun; exec sleep " + mark + "\n");
    Path out = dassie.work().resolve("slow.out");
    Process dev =
        dassie
            .start("exec dassie dev -f slow/s.yaml")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    until(() -> running(mark) > 0);

    dassie.run("kill -INT " + dev.pid()).expect(0);

    assertThat(dev.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(dev.exitValue()).isEqualTo(130);
    until(() -> running(mark) == 0);
    assertThat(read(out)).doesNotContain("Exception");
  }

  @Test
  void aSaveStopsWhatRunsAndRunsTheNewCode() throws Exception {
    String mark = "86398." + ProcessHandle.current().pid();
    dassie.run("mkdir -p edit && sed 's/fussy/edit/; s/code/./' fussy.yaml > edit/s.yaml");
    dassie.write("edit/run.sh", "exec sleep " + mark + "\n");
    Path out = dassie.work().resolve("edit.out");
    Process dev =
        dassie
            .start("exec dassie dev -f edit/s.yaml")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    until(() -> running(mark) > 0);

    dassie.write("edit/run.sh", "echo new code\n");

    until(() -> read(out).contains("3 datums: 3 ran"));
    until(() -> running(mark) == 0);
    assertThat(read(out)).contains("| new code");
    dev.destroy();
    assertThat(dev.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aShellSeesWhatTheDatumSees() throws Exception {
    String shell = " | dassie shell fussy@master " + datum("3");

    Instance.Result seen =
        dassie
            .run("echo 'ls /pfs /pfs/out; pwd; echo $LEVEL; eval \"$DASSIE_CMD\"; exit 7'" + shell)
            .expect(7);
    Instance.Result written =
        dassie.run("echo 'echo x > /pfs/numbers/3 || echo refused' 2>&1" + shell).expect(0);
    Instance.Result much = dassie.run("echo 'yes | head -c 3000000'" + shell + " | wc -c");

    assertThat(seen.lines())
        .containsExactly(
            "/pfs:",
            "numbers",
            "out",
            "",
            "/pfs/out:",
            "/source",
            "7",
            "looking at /pfs/numbers/3");
    assertThat(written.out()).contains("refused");
    assertThat(much.expect(0).out().strip()).isEqualTo("3000000");
    dassie.run("echo ls | dassie shell fussy@master 00000000").expect(3);
  }

  @Test
  void aShellEndsWithItsClient() throws Exception {
    String mark = "86396." + ProcessHandle.current().pid();
    Process shell =
        dassie
            .start("exec dassie shell fussy@master " + datum("1"))
            .redirectErrorStream(true)
            .redirectOutput(dassie.work().resolve("shell.out").toFile())
            .start();
    shell
        .getOutputStream()
        .write(("sleep " + mark + " & wait\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    shell.getOutputStream().flush();
    until(() -> running(mark) > 0);

    shell.destroyForcibly();

    until(() -> running(mark) == 0);
  }

  @Test
  void aPipelineIsRunAgainAndOnlyWhatFailedRuns() throws Exception {
    dassie.run("sed 's/name: fussy/name: again/' fussy.yaml > again.yaml").expect(0);
    dassie.run("dassie create pipeline -f again.yaml").expect(0);
    dassie.run("dassie wait commit again@master --timeout 60s").expect(1);

    dassie.run("dassie rerun pipeline again").expect(0);
    dassie.run("dassie wait commit again@master --timeout 60s").expect(1);

    assertThat(dassie.run("dassie inspect job again@master").expect(0).lines())
        .contains("Datums: 3 total, 0 success, 2 skipped, 1 failed, 0 recovered");
    dassie.run("dassie rerun pipeline again --reprocess").expect(0);
    dassie.run("dassie wait commit again@master --timeout 60s").expect(1);
    assertThat(dassie.run("dassie inspect job again@master").expect(0).lines())
        .contains("Datums: 3 total, 2 success, 0 skipped, 1 failed, 0 recovered");
    dassie.run("dassie rerun pipeline agian").expect(3);
  }

  @Test
  void anEditedSpecIsTakenOrKept() throws Exception {
    dassie.run("sed 's/name: fussy/name: edited/' fussy.yaml > edited.yaml").expect(0);
    dassie.run("dassie create pipeline -f edited.yaml").expect(0);

    dassie.run("EDITOR='sed -i s/LEVEL:/DEPTH:/' dassie edit pipeline edited").expect(0);
    Instance.Result same = dassie.run("EDITOR=true dassie edit pipeline edited").expect(0);
    Instance.Result broken =
        dassie.run("EDITOR='sed -i s/glob:/golb:/' dassie edit pipeline edited").expect(2);

    assertThat(dassie.run("dassie inspect pipeline edited").expect(0).out())
        .contains("Version: 2", "DEPTH:");
    assertThat(dassie.run("dassie glob file 'edited.spec@master:/source/**'").expect(0).out())
        .contains("/source/run.sh");
    assertThat(same.err()).contains("Nothing was changed.");
    String kept = broken.err().lines().findFirst().orElseThrow().split("`", -1)[1];
    assertThat(Files.readString(Path.of(kept))).contains("golb:");
    Files.delete(Path.of(kept));
    dassie.run("EDITOR=false dassie edit pipeline edited").expect(1);
  }

  @Test
  void theGraphIsDrawn() throws Exception {
    assertThat(dassie.run("dassie draw pipeline").expect(0).out())
        .contains("numbers@master\n", "─ fussy@master");
    assertThat(dassie.run("dassie draw pipeline -o dot").expect(0).out())
        .startsWith("digraph")
        .contains("\"numbers@master\" -> \"fussy@master\";");
    assertThat(dassie.run("dassie draw pipeline -o json").expect(0).out())
        .contains("\"pipeline\": \"fussy\"");
    dassie.run("dassie draw pipeline -o svg").expect(2);
    String job =
        dassie
            .run(
                "dassie inspect commit fussy@master -o json | sed -n 's/^  \"id\": \"\\(.*\\)\",/\\1/p'")
            .out()
            .strip();
    assertThat(dassie.run("dassie draw pipeline --commit " + job).expect(0).out())
        .contains("numbers@master\n", "─ fussy@master");
    dassie.run("dassie draw pipeline --commit nothing").expect(2);
  }

  @Test
  void theQueueSaysWhoComesNextAndADatumThatHangsIsRestarted() throws Exception {
    String mark = "86397." + ProcessHandle.current().pid();
    dassie.run("mkdir -p stuck && echo 1 > stuck/only").expect(0);
    dassie.run("dassie create repo stuck && dassie put file stuck@master -f stuck/only").expect(0);
    dassie.write(
        "stuck.yaml",
        """
        pipeline: {name: stuck-job}
        metadata: {annotations: {dassie/class: backfill}}
        input: {pfs: {repo: stuck, glob: "/*"}}
        transform: {cmd: [sleep, "%s"]}
        """
            .formatted(mark));
    dassie.run("dassie create pipeline -f stuck.yaml").expect(0);
    until(() -> running(mark) == 1);
    long first = process(mark);

    String queue = dassie.run("dassie list queue -o jsonl | grep stuck-job").expect(0).out();
    String datum =
        dassie.run("dassie list datum stuck-job@master -o jsonl | cut -c8-71").expect(0).out();
    dassie.run("dassie restart datum stuck-job@master " + datum.strip()).expect(0);
    until(() -> running(mark) == 1 && process(mark) != first);

    assertThat(queue).contains("\"class\":\"backfill\"", "\"running\":1");
    assertThat(dassie.run("dassie list queue").expect(0).out()).contains("stuck-job@");
    dassie.run("dassie stop job stuck-job@$(dassie list job -p stuck-job -o jsonl | cut -c8-39)");
    until(() -> running(mark) == 0);
    dassie.run("dassie restart datum stuck-job@master " + datum.strip()).expect(5);
  }

  private static long process(String word) {
    return ProcessHandle.allProcesses()
        .filter(one -> one.info().commandLine().orElse("").contains(word))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElse(0);
  }

  /// Processes of datums that were started with this word.
  private static long running(String word) {
    return ProcessHandle.allProcesses()
        .filter(one -> one.info().commandLine().orElse("").contains(word))
        .count();
  }
}
