package dev.dassie.executor.process;

import static dev.dassie.executor.process.Workshop.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.RunnerSlot;
import dev.dassie.executor.datum.Wipe;
import dev.dassie.executor.datum.Workbench;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Killed runners, interrupts, memory that runs out, sandboxes that do not work.
class TroubleTest {
  @Test
  void aDatumWhoseRunnerIsKilledRunsAgainInANewSlot() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NAMESPACES)) {
      Path flag = shop.base.resolve("flag");
      String script = "[ -e " + flag + " ] || exec sleep 1618.0339; echo again";
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                await(() -> find("sleep 1618.0339").isPresent());
                try {
                  Files.createFile(flag);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
                killRunners();
              });

      Ending ending = shop.sh(script);
      killer.join();

      assertThat(ending).isInstanceOf(Ending.Succeeded.class);
      assertThat(shop.log(ending)).isEqualTo("again\n");
      assertThat(find("sleep 1618.0339")).isEmpty();
    }
  }

  @Test
  void aDatumWhoseRunnersKeepDyingFailsAndSaysWhy() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NAMESPACES)) {
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 2; i++) {
                  await(() -> find("sleep 2236.0679").isPresent());
                  killRunners();
                  await(() -> find("sleep 2236.0679").isEmpty());
                }
              });

      Ending ending = shop.sh("exec sleep 2236.0679; exit");
      killer.join();

      assertThat(((Ending.Failed) ending).reason())
          .startsWith("The runner of the sandbox failed: ");
      assertThat(shop.log(shop.sh("echo next"))).isEqualTo("next\n");
    }
  }

  @Test
  void anInterruptEndsWhatRunsAndReportsWhatHadEnded() throws Exception {
    for (Sandbox sandbox : Sandbox.values()) {
      try (Workshop shop = new Workshop(sandbox)) {
        Workbench.Recorder recorder = new Workbench.Recorder();
        Task.Item quick = shop.item(shop.part("in", shop.fileset(java.util.Map.of("q", "")), "q"));
        Task task =
            shop.task(shell("[ -n \"$in\" ] || exec sleep 2449.4897; exit"), quick, shop.item());
        Thread self = Thread.currentThread();
        Thread.ofVirtual()
            .start(() -> {
              await(() -> find("sleep 2449.4897").isPresent());
              self.interrupt();
            });

        assertThatThrownBy(() -> shop.executor.run(task, recorder))
            .isInstanceOf(InterruptedException.class);
        assertThat(recorder.endings).containsOnlyKeys(quick.key());
        assertThat(find("sleep 2449.4897")).as(sandbox.spelling()).isEmpty();
      }
    }
  }

  @Test
  void withoutASandboxStrayProcessesAreStillEnded() throws Exception {
    try (Workshop shop = new Workshop(Sandbox.NONE)) {
      for (int round = 0; round < 50; round++) {
        shop.sh("(setsid setsid sleep 2645.7513 &); (setsid sh -c 'setsid sleep 2645.7513' &)");

        assertThat(find("sleep 2645.7513")).isEmpty();
      }
    }
  }

  @Test
  void whenTheServerIsKilledItsDatumsEnd() throws Exception {
    for (Sandbox sandbox : Sandbox.values()) {
      Path left = Files.createTempDirectory(Path.of("/var/tmp"), "dassie-killed-");
      Process server =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-Ddassie.workshop=" + left,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Sleeper.class.getName(),
                  sandbox.name())
              .inheritIO()
              .start();
      await(() -> find(Sleeper.MARK).isPresent());

      server.destroyForcibly().waitFor();

      await(() -> find(Sleeper.MARK).isEmpty());
      assertThat(server.exitValue()).isEqualTo(137);
      Wipe.tree(left);
    }
  }

  @Test
  void memoryThatRunsOutIsNamed() throws Exception {
    Path group = Path.of("/sys/fs/cgroup/memory/dassie-test-" + ProcessHandle.current().pid());
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isWritable(group.getParent()) && Permissions.ownUid() == 0,
        "SKIPPED: needs root and a memory controller at " + group.getParent());
    Files.createDirectory(group);
    try (Playground ground = new Playground(Sandbox.NAMESPACES)) {
      Lane lane = ground.lane();
      long inner =
          ProcessHandle.of(((RunnerProcess) ((RunnerSlot) lane.slot()).link()).pid())
              .orElseThrow()
              .children()
              .findFirst()
              .orElseThrow()
              .pid();
      Files.writeString(group.resolve("memory.limit_in_bytes"), "67108864");
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(inner));

      Outcome outcome = lane.slot().run(Playground.shell("exec tail /dev/zero"));

      assertThat(outcome.outOfMemory()).isTrue();
      assertThat(outcome.signal()).isEqualTo(9);
      lane.slot().close();
    } finally {
      await(() -> group.toFile().delete());
    }
  }

  @Test
  void whereNoSandboxWorksDatumsAreRefusedWithAWayOut() throws Exception {
    try (Workshop shop =
        new Workshop(
            Sandbox.BUBBLEWRAP,
            s ->
                new Settings(
                    s.sandbox(),
                    s.uid(),
                    s.gid(),
                    s.exposed(),
                    "/nowhere",
                    1,
                    1 << 20,
                    1 << 20,
                    Optional.empty(),
                    s.limits(),
                    s.users()))) {
      Task task =
          new Task(
              1,
              "p",
              shell("true"),
              Optional.empty(),
              new dev.dassie.job.Environment(List.of(), List.of()),
              java.util.Map.of(),
              List.of(shop.item()),
              new Task.Limits(1, Optional.empty(), 100));

      assertThat(shop.executor.sandbox()).isEqualTo("unavailable");
      assertThatThrownBy(() -> shop.run(task))
          .isInstanceOfSatisfying(
              DassieException.class,
              e -> {
                assertThat(e.fault()).isInstanceOf(Fault.Unsupported.class);
                assertThat(e.fault().hint().orElseThrow())
                    .contains("`bwrap` is not installed")
                    .contains("--sandbox none");
              });
    }
  }

  @Test
  void anOrdinaryUserRunsDatumsToo() throws Exception {
    assertThat(OrdinaryUser.run(UserDatums.class, "NAMESPACES"))
        .endsWith("namespaces: 8 datums as they should be");
    assertThat(OrdinaryUser.run(UserDatums.class, "BUBBLEWRAP"))
        .endsWith("bubblewrap: 8 datums as they should be");
  }

  private static Optional<ProcessHandle> find(String mark) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith(mark))
        .findFirst();
  }

  private static void killRunners() {
    ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").contains("dassie-runner"))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
