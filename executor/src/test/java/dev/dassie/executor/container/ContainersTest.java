package dev.dassie.executor.container;

import static dev.dassie.executor.datum.Workbench.shell;
import static dev.dassie.executor.datum.Workbench.transform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.executor.datum.Workbench;
import dev.dassie.job.Disclosure;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What containers promise beyond the contract, on a real engine.
class ContainersTest {
  private static Podman podman;

  @BeforeAll
  static void start() throws Exception {
    podman = new Podman();
  }

  @AfterAll
  static void stop() throws Exception {
    if (podman != null) {
      podman.close();
    }
  }

  private static Transform in(String image, List<String> cmd) {
    return new Transform(
        cmd,
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Transform.Network.HOST,
        Optional.of(image));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void theDigestOfTheImageAndItsPlatformAreTheEnvironment() throws Exception {
    String digest = podman.run(List.of("podman", "inspect", "-f", "{{.Digest}}", Podman.IMAGE));
    String arch = podman.run(List.of("podman", "inspect", "-f", "{{.Architecture}}", Podman.IMAGE));

    try (Workbench shop = new ContainerBench(podman)) {
      assertThat(shop.executor.environment(in(Podman.IMAGE, List.of("true"))).facts())
          .containsExactly("container linux/" + arch, "image " + digest);
    }
  }

  @Test
  void variablesOfTheImageAreThereAndItsUserIsNotRoot() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      Ending ending = shop.sh("echo $GREETING $PATH; id -u; touch /new 2>&1; echo $$");

      assertThat(shop.log(ending))
          .startsWith("hello /bin\n65534\ntouch: /new: Read-only file system\n");
    }
  }

  @Test
  void codeRunsAsTheUserThatItNamesAndNeverAsRoot() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      Transform code = shell("id -u; id -g; echo x > /pfs/out/x");

      Ending ending =
          shop.run(shop.task(code.with(Optional.of("1234:99"), List.of()), shop.item())).getFirst();

      assertThat(shop.log(ending)).isEqualTo("1234\n99\n");
      assertThat(shop.contents(ending)).isEqualTo(Map.of("/x", "x\n"));
      for (String root : List.of("root", "0", "0:0", "1234:0")) {
        assertThatThrownBy(() -> shop.executor.check(code.with(Optional.of(root), List.of())))
            .hasMessage(
                "`transform.user` is `%s`, expected a user and a group that are not root's: code never"
                        .formatted(root)
                    + " runs as root.");
      }
    }
  }

  @Test
  void anImageNeedsNoShellAndNoFoldersAndNoUsers() throws Exception {
    Path root = Files.createDirectories(podman.folder.resolve("bare"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("cat"));
    assertThat(root.resolve("cat").toFile().setExecutable(true, false)).isTrue();
    podman.load(root, "localhost/bare:1");
    try (Workbench shop = new ContainerBench(podman)) {
      Task.Part input = shop.part("in", shop.fileset(Map.of("a", "alpha")), "a");
      Transform code = in("localhost/bare:1", List.of("/cat", "/pfs/in/a"));

      Ending ending = shop.run(shop.task(code, shop.item(input))).getFirst();

      assertThat(shop.log(ending)).isEqualTo("alpha");
    }
  }

  @Test
  void anImageThatIsNotThereIsNamed() throws Exception {
    try (Workbench shop =
        new ContainerBench(
            podman, usual -> ContainerBench.with(usual, ContainerSettings.Pull.NEVER))) {
      assertThatThrownBy(
              () -> shop.executor.environment(in("localhost/no-such:1", List.of("true"))))
          .hasMessage("The engine has no image `localhost/no-such:1`.");
    }
    try (Workbench shop = new ContainerBench(podman)) {
      assertThatThrownBy(
              () -> shop.executor.environment(in("localhost:1/no-such:1", List.of("true"))))
          .hasMessageStartingWith("The image `localhost:1/no-such:1` cannot be fetched: ");
      assertThatThrownBy(() -> shop.executor.environment(in("../version?", List.of("true"))))
          .hasMessageStartingWith(
              "`transform.image` is `../version?`, expected the name of an image");
    }
  }

  @Test
  void anImageForAnotherMachineIsNamed() throws Exception {
    Path root = Files.createDirectories(podman.folder.resolve("other"));
    Files.writeString(root.resolve("file"), "x");
    podman.run(List.of("tar", "-C", root.toString(), "-cf", root + ".tar", "."));
    podman.run(
        List.of("podman", "import", "-q", "--arch", "s390x", root + ".tar", "localhost/other:1"));

    try (Workbench shop = new ContainerBench(podman)) {
      assertThatThrownBy(() -> shop.executor.environment(in("localhost/other:1", List.of("true"))))
          .hasMessageStartingWith(
              "The image `localhost/other:1` is made for `linux/s390x`, and the engine runs `");
    }
  }

  @Test
  void aProgramThatIsNotInTheImageIsNamed() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      Ending ending = shop.run(shop.task(transform(List.of("no-such")), shop.item())).getFirst();

      assertThat(((Ending.Failed) ending).reason())
          .isEqualTo(
              "The code did not start: cannot run `no-such`: No such file or directory (exit code 127).");
    }
  }

  @Test
  void withoutANetworkThereIsOnlyTheLoop() throws Exception {
    Transform look =
        new Transform(
            List.of("ls", "/sys/class/net"),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            Transform.Network.NONE,
            Optional.empty());

    try (Workbench shop = new ContainerBench(podman)) {
      assertThat(shop.log(shop.run(shop.task(look, shop.item())).getFirst())).isEqualTo("lo\n");
    }
  }

  @Test
  void codeThatUsesMoreMemoryThanItMayIsEnded() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      Task task = shop.task(shell("head -c 100m /dev/zero > /tmp/x; sleep 100"), shop.item());
      Task limited =
          new Task(
              task.lease(),
              task.pipeline(),
              task.transform(),
              task.source(),
              task.environment(),
              task.env(),
              task.items(),
              new Task.Limits(1, Optional.empty(), 1 << 20, new Resources(64 << 20, 0, 0)));

      Ending ending = shop.run(limited).getFirst();

      assertThat(((Ending.Failed) ending).reason())
          .isEqualTo(
              "The code used more than 64 MiB of memory and was killed: raise `resourceLimits.memory` in"
                  + " the spec.");
    }
  }

  @Test
  void secretsAreFilesAndVariablesAndAreMaskedInLogs() throws Exception {
    byte[] value = "s3cr3t-value".getBytes(StandardCharsets.UTF_8);
    Disclosure secrets =
        new Disclosure(
            Map.of("TOKEN", "s3cr3t-value"),
            List.of(new Disclosure.SecretFile("/keys/token", value)),
            List.of(value));
    try (Workbench shop = new ContainerBench(podman)) {
      Task plain =
          shop.task(
              shell("cmp /keys/token - && echo same; cat /keys/token; echo $TOKEN > /pfs/out/t"),
              shop.item());
      Task task =
          new Task(
              plain.lease(),
              plain.pipeline(),
              ContainerBench.fed(plain.transform(), "s3cr3t-value"),
              plain.source(),
              plain.environment(),
              secrets,
              plain.env(),
              plain.items(),
              plain.limits());

      Ending ending = shop.run(task).getFirst();

      assertThat(shop.log(ending)).contains("***").doesNotContain("s3cr3t");
      assertThat(shop.contents(ending)).isEqualTo(Map.of("/t", "s3cr3t-value\n"));
    }
    assertThat(podman.containers()).isEmpty();
  }

  @Test
  void longOutputIsKeptFromBothEnds() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      Ending ending = shop.sh("seq 1 300000");

      String log = shop.log(ending);

      assertThat(log).startsWith("1\n2\n").endsWith("\n300000\n").hasSizeGreaterThan(1 << 20);
    }
  }

  @Test
  void oneContainerServesOneDatumAfterAnotherAndGoesWithTheServer() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      for (int i = 0; i < 3; i++) {
        shop.sh("true");
      }

      assertThat(podman.containers()).hasSize(1);
    }
    assertThat(podman.containers()).isEmpty();
  }

  @Test
  void containersOfAServerThatWasKilledAreRemovedAtTheNextStart() throws Exception {
    try (Workbench shop = new ContainerBench(podman)) {
      shop.sh("true");
      List<String> before = new ArrayList<>(podman.containers());

      try (ContainerExecutor next =
          new ContainerExecutor(
              shop.base.resolve("dassie/run"),
              shop.packs,
              ContainerBench.settings(podman.socket))) {
        assertThat(next.environment(in(Podman.IMAGE, List.of("true"))).facts()).hasSize(2);

        assertThat(podman.containers()).doesNotContainAnyElementsOf(before);
      }
    }
  }

  @Test
  void datumsWaitForAnEngineThatIsAway() throws Exception {
    try (Podman other = new Podman();
        Workbench shop = new ContainerBench(other)) {
      Transform code = in(Podman.IMAGE, List.of("sh", "-c", "echo done"));
      Task plain = shop.task(code, shop.item());
      Task task =
          new Task(
              plain.lease(),
              plain.pipeline(),
              code,
              plain.source(),
              shop.executor.environment(code),
              plain.env(),
              plain.items(),
              plain.limits());
      other.stop();

      CompletableFuture<List<Ending>> endings = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              endings.complete(shop.run(task));
            } catch (InterruptedException | RuntimeException e) {
              endings.completeExceptionally(e);
            }
          });
      await(() -> shop.executor.trouble().isPresent());
      assertThat(shop.executor.trouble().orElseThrow())
          .startsWith("The container engine at `%s` does not answer (".formatted(other.socket))
          .endsWith(": start it, or say in `engine` of the configuration where it is.");
      other.again();

      assertThat(shop.log(endings.get(60, TimeUnit.SECONDS).getFirst())).isEqualTo("done\n");
      assertThat(shop.executor.trouble()).isEmpty();
    }
  }

  @Test
  void anEngineThatIsAwayIsNamedWhereNobodyCanWait() throws Exception {
    Path nowhere = Path.of("/var/tmp/no-such-engine");
    try (Workbench shop =
        new Workbench((home, chunks) ->
            new ContainerExecutor(home.resolve("run"), chunks, ContainerBench.settings(nowhere)))) {
      assertThatThrownBy(() -> shop.executor.environment(shell("true")))
          .hasMessageStartingWith("The container engine at `/var/tmp/no-such-engine` ");
    }
  }
}
