package dev.dassie.executor.process;

import static dev.dassie.executor.process.Playground.command;
import static dev.dassie.executor.process.Playground.output;
import static dev.dassie.executor.process.Playground.shell;
import static dev.dassie.executor.process.Playground.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.executor.datum.Command;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.RunnerSlot;
import dev.dassie.executor.datum.SlotLostException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a slot in namespaces promises to a command and to its host.
class SlotTest {
  private Playground ground;
  private Lane lane;

  @BeforeEach
  void open() throws Exception {
    ground = new Playground(Sandbox.NAMESPACES);
    lane = ground.lane();
  }

  @AfterEach
  void close() throws Exception {
    ground.lanes.keep(lane);
    ground.close();
  }

  @Test
  void aCommandReadsInputsAndWritesOutput() throws Exception {
    Playground.input(lane);

    Outcome outcome =
        lane.slot().run(shell("cat /pfs/in/data.txt > /pfs/out/copy; echo hi; echo ho >&2"));

    assertThat(outcome.exitCode()).isZero();
    assertThat(text(outcome)).isEqualTo("hi\nho\n");
    assertThat(lane.slot().out().resolve("copy")).hasContent("original");
    assertThat(outcome.wallMicros()).isPositive();
    assertThat(outcome.maxRssKib()).isPositive();
  }

  @Test
  void theEnvironmentIsExactlyWhatIsGiven() throws Exception {
    Command env = command(List.of("env"), Optional.empty(), 1000);

    assertThat(text(lane.slot().run(env)).lines())
        .containsExactlyInAnyOrder("PATH=" + Playground.PATH, "HOME=/home/dassie", "TMPDIR=/tmp");
  }

  @Test
  void standardInputIsAFile() throws Exception {
    Command cat =
        new Command(
            List.of("cat"),
            Map.of("PATH", Playground.PATH),
            "/tmp",
            "one\ntwo\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Optional.empty(),
            1000);

    assertThat(text(lane.slot().run(cat))).isEqualTo("one\ntwo\n");
  }

  @Test
  void everyDatumFindsItsPlacesEmpty() throws Exception {
    String look = "find /tmp /home/dassie /dev/shm /dev/mqueue -mindepth 1; ipcs -q | grep -c 0x0";
    String soil =
        "echo a > /tmp/a; mkdir -p ~/b/c; echo c > /dev/shm/c; chmod 700 /home/dassie;"
            + " ipcmk -Q -M 100 -S 1 >/dev/null";

    String before = output(lane, look);
    output(lane, soil);
    String after = output(lane, look);

    assertThat(before).isEqualTo("0\n");
    assertThat(after).isEqualTo(before);
    assertThat(output(lane, "ipcs | grep -c ' 6[04][04] '")).isEqualTo("0\n");
  }

  @Test
  void modesOfPlacesAreRestored() throws Exception {
    output(lane, "chmod 000 /home/dassie; chmod 0 /tmp");

    assertThat(output(lane, "stat -c %a /home/dassie /tmp")).isEqualTo("700\n1777\n");
  }

  @Test
  void nothingSurvivesACommand() throws Exception {
    String mark = "31415.9265";
    output(
        lane, "trap '' TERM; (setsid setsid sleep " + mark + " &) ; sleep " + mark + " & exit 0");

    assertThat(runs(mark)).isFalse();
    assertThat(output(lane, "ls /proc | grep -c '^[0-9]'")).isEqualTo("4\n");
  }

  @Test
  void keyringsAreClosed() throws Exception {
    int keyctl = System.getProperty("os.arch").equals("aarch64") ? 219 : 250;

    // KEYCTL_GET_KEYRING_ID of the user's keyring, which outlives datums.
    String open = "perl -e '$! = 0; syscall(" + keyctl + ", 0, -4, 1); print $! + 0'";

    assertThat(output(lane, open)).isEqualTo("38");
  }

  /// Fields of /proc/PID/stat behind the name: state, parent, group, session, terminal. Pid 1 leads
  /// the session; where it did not, the session would be that of the server, shown as 0.
  @Test
  void aDatumHasAGroupOfItsOwnAndNoTerminal() throws Exception {
    String place = "set -- $(sed 's/.*) //' /proc/$$/stat); echo $(($3 == $$)) $4 $5";

    assertThat(output(lane, place)).isEqualTo("1 1 0\n");
    assertThat(output(lane, "cat /dev/tty || echo none")).endsWith("none\n");
  }

  @Test
  void aTimeoutKillsEverything() throws Exception {
    String mark = "27182.8182";
    Command slow =
        command(
            List.of("sh", "-c", "trap '' TERM INT; setsid sleep " + mark + " & sleep " + mark),
            Optional.of(Duration.ofMillis(200)),
            1000);

    Outcome outcome = lane.slot().run(slow);

    assertThat(outcome.timedOut()).isTrue();
    assertThat(runs(mark)).isFalse();
    assertThat(output(lane, "echo next")).isEqualTo("next\n");
  }

  @Test
  void aSignalIsTold() throws Exception {
    Outcome outcome = lane.slot().run(shell("kill -SEGV $$"));

    assertThat(outcome.signal()).isEqualTo(11);
    assertThat(outcome.exitCode()).isEqualTo(139);
    assertThat(outcome.timedOut()).isFalse();
    assertThat(outcome.outOfMemory()).isFalse();
  }

  @Test
  void aMissingProgramIs127() throws Exception {
    Outcome outcome = lane.slot().run(command(List.of("no-such-thing"), Optional.empty(), 1000));

    assertThat(outcome.exitCode()).isEqualTo(127);
    assertThat(text(outcome))
        .isEqualTo("dassie: cannot run `no-such-thing`: No such file or directory\n");
  }

  @Test
  void aGigabyteOfLogIsBoundedAndCutInTheMiddle() throws Exception {
    long keep = 1 << 20;
    Command noisy =
        command(
            List.of("sh", "-c", "echo first; head -c 1000000000 /dev/zero; echo last"),
            Optional.empty(),
            keep);

    Outcome outcome = lane.slot().run(noisy);
    byte[] log = outcome.log().open().readAllBytes();

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.log().total()).isEqualTo(1_000_000_011);
    assertThat(Files.size(lane.folder().resolve("log"))).isEqualTo(2 * keep);
    String text = new String(log, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("first\n").endsWith("last\n");
    assertThat(text).contains("\n[dassie: " + (1_000_000_011 - 2 * keep) + " bytes of output");
    assertThat(output(lane, "echo short")).isEqualTo("short\n");
  }

  @Test
  void aLogOverTheHeldSizeIsWhole() throws Exception {
    Outcome outcome = lane.slot().run(shell("seq 1 30000"));

    assertThat(text(outcome).lines()).hasSize(30000).endsWith("29999", "30000");
  }

  @Test
  void withoutNetworkNothingAnswersButTheLoopbackIsUp() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String connect =
          "exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "' 2>&1";
      Lane apart = ground.lane(List.of(), true);

      assertThat(lane.slot().run(shell(connect)).exitCode()).isZero();
      assertThat(apart.slot().run(shell(connect)).exitCode()).isNotZero();
      assertThat(output(apart, "cat /sys/class/net/lo/flags /proc/net/dev | wc -l"))
          .isEqualTo("4\n");
      ground.lanes.keep(apart);
    }
  }

  @Test
  void exposedFoldersOfAHomeAreSeenReadOnly() throws Exception {
    Path tool = Files.createDirectories(ground.home.resolve("tool/bin"));
    Files.writeString(tool.resolve("hello"), "#!/bin/sh\necho hello\n");
    tool.resolve("hello").toFile().setExecutable(true, false);
    Lane open = ground.lane(List.of(ground.home.resolve("tool")), false);

    String printed =
        output(open, tool + "/hello; touch " + tool + "/new || echo refused; ls " + ground.home);

    assertThat(printed).startsWith("hello\n").contains("refused\n").endsWith("tool\n");
    ground.lanes.keep(open);
  }

  @Test
  void aKilledRunnerIsALostSlot() throws Exception {
    RunnerSlot slot = (RunnerSlot) lane.slot();
    ProcessHandle runner = ProcessHandle.of(((RunnerProcess) slot.link()).pid()).orElseThrow();
    Thread killer =
        Thread.ofVirtual()
            .unstarted(() -> {
              while (!Files.exists(slot.out().resolve("started"))) {
                Thread.onSpinWait();
              }
              runner.destroyForcibly();
            });

    killer.start();

    assertThatThrownBy(() -> slot.run(shell("touch /pfs/out/started; exec sleep 14142.1356")))
        .isInstanceOf(SlotLostException.class)
        .hasMessageContaining("ended unexpectedly");
    assertThat(slot.usable()).isFalse();
    assertThat(runs("14142.1356")).isFalse();
  }

  @Test
  void anInterruptEndsTheCommandAtOnce() throws Exception {
    Thread self = Thread.currentThread();
    Path started = lane.slot().out().resolve("started");
    Thread.ofVirtual()
        .start(() -> {
          while (!Files.exists(started)) {
            Thread.onSpinWait();
          }
          self.interrupt();
        });

    assertThatThrownBy(
            () -> lane.slot().run(shell("touch /pfs/out/started; exec sleep 17320.5080")))
        .isInstanceOf(InterruptedException.class);
    assertThat(runs("17320.5080")).isFalse();
  }

  private static boolean runs(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(mark));
  }
}
