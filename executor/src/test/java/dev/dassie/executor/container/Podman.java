package dev.dassie.executor.container;

import dev.dassie.executor.datum.Wipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A real engine in a folder of its own, with an image that is busybox alone. Nothing of it is
/// shared with what else runs on the machine.
final class Podman implements AutoCloseable {
  /// An image with a shell and small programs.
  static final String IMAGE = "localhost/busybox:test";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  final Path folder;
  final Path socket;
  private Process service;

  /// Starts one, or skips the test, loudly, where Podman is not installed.
  Podman() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/podman")) && Files.isExecutable(BUSYBOX),
        "SKIPPED: needs the Debian packages podman, runc and busybox-static");
    folder = Files.createTempDirectory(Path.of("/var/tmp"), "dassie-podman-");
    socket = folder.resolve("engine");
    Files.writeString(
        folder.resolve("containers.conf"),
        """
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        netns = "none"
        """);
    Files.writeString(
        folder.resolve("storage.conf"),
        """
        [storage]
        driver = "vfs"
        graphroot = "%1$s/graph"
        runroot = "%1$s/run"
        """
            .formatted(folder));
    busybox(folder.resolve("busybox"));
    load(folder.resolve("busybox"), IMAGE, "ENV PATH=/bin", "ENV GREETING=hello");
    service = start();
  }

  private static void busybox(Path root) throws IOException, InterruptedException {
    Files.createDirectories(root.resolve("bin"));
    Files.setPosixFilePermissions(
        Files.createDirectories(root.resolve("tmp")), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.copy(BUSYBOX, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    Process list = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
    String names = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String name : names.lines().toList()) {
      if (!name.equals("busybox")) {
        Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
      }
    }
  }

  /// Makes an image of a folder.
  ///
  /// @param changes as `podman import --change` takes them
  void load(Path root, String name, String... changes) throws IOException, InterruptedException {
    Path tar = folder.resolve("image.tar");
    run(List.of("tar", "-C", root.toString(), "-cf", tar.toString(), "."));
    List<String> line = new ArrayList<>(List.of("podman", "import", "-q"));
    for (String change : changes) {
      line.addAll(List.of("-c", change));
    }
    line.addAll(List.of(tar.toString(), name));
    run(line);
  }

  /// Runs a command of the engine and gives what it printed.
  String run(List<String> line) throws IOException, InterruptedException {
    Process process = builder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(line + ": " + said);
    }
    return said.strip();
  }

  /// Containers that are there, running or not.
  List<String> containers() throws IOException, InterruptedException {
    return run(List.of("podman", "ps", "-a", "--format", "{{.Names}} {{.State}}"))
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /// Ends the engine; its containers run on.
  void stop() throws InterruptedException {
    service.destroy();
    if (!service.waitFor(20, TimeUnit.SECONDS)) {
      service.destroyForcibly().waitFor();
    }
  }

  /// Starts the engine again.
  void again() throws IOException, InterruptedException {
    service = start();
  }

  private Process start() throws IOException, InterruptedException {
    Files.deleteIfExists(socket);
    Process process =
        builder(List.of("podman", "system", "service", "-t", "0", "unix://" + socket))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!answers()) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new IOException("podman: " + Files.readString(folder.resolve("log")));
      }
      Thread.onSpinWait();
    }
    return process;
  }

  private boolean answers() throws InterruptedException {
    try {
      Engine _ = Engine.connect(new EngineSocket(socket));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private ProcessBuilder builder(List<String> line) {
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("CONTAINERS_CONF", folder.resolve("containers.conf").toString());
    builder.environment().put("CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    builder.environment().put("TMPDIR", folder.toString());
    return builder;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run(List.of("podman", "rm", "-fa"));
    stop();
    Wipe.tree(folder);
  }
}
