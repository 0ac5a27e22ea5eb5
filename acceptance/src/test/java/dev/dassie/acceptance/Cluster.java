package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// A Kubernetes of `tools/kubernetes`, and a shell whose `kubectl` and `helm` speak to it. Closing
/// ends it, and fails where anything of it is left on the machine.
final class Cluster implements AutoCloseable {
  /// What is behind the API.
  enum Mode {
    /// Nodes on which Pods run for the API alone.
    FAKE,
    /// One real node, in a network of its own.
    NODE;

    private String spelling() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final Path TOOLS = ProjectTree.ROOT.resolve("tools/kubernetes");
  private static final Path PROGRAMS = ProjectTree.ROOT.resolve("target/kubernetes/bin");

  private final Instance shell;
  private final Path state;
  private final String network;

  private Cluster(Path folder) throws IOException {
    shell = new Instance(folder);
    state = folder.resolve("state");
    int port = freePorts();
    network = "kubetest-" + port;
    shell.environment().put("KUBETEST_STATE", state.toString());
    shell.environment().put("KUBETEST_PORT", Integer.toString(port));
    shell.environment().put("KUBETEST_NETWORK", network);
    shell.environment().put("KUBECONFIG", state.resolve("pki/admin.kubeconfig").toString());
    shell.environment().put("PATH", PROGRAMS + ":" + shell.environment().get("PATH"));
  }

  /// Starts one that writes into `folder`, which must have a short path. Skips the test where the
  /// machine has not what it takes.
  static Cluster start(Mode mode, Path folder) throws IOException, InterruptedException {
    Cluster cluster = new Cluster(folder);
    String lacking = cluster.run(TOOLS + "/lacking.sh " + mode.spelling()).expect(0).out().strip();
    assumeTrue(lacking.isEmpty(), () -> "SKIPPED: " + lacking);
    assumeTrue(
        Files.exists(PROGRAMS.resolve("made-of")), "SKIPPED: needs `make check-kubernetes` first");
    cluster.run(TOOLS + "/start.sh " + mode.spelling()).expect(0);
    return cluster;
  }

  /// Runs one line of shell.
  Instance.Result run(String command) throws IOException, InterruptedException {
    return shell.run(command);
  }

  /// What a line prints that must succeed.
  String out(String command) throws IOException, InterruptedException {
    return run(command).expect(0).out().strip();
  }

  /// Makes what a manifest says.
  void apply(String manifest) throws IOException, InterruptedException {
    Path file = shell.write("manifest.yaml", manifest);
    run("kubectl apply -f " + file).expect(0);
  }

  Path work() {
    return shell.work();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run(TOOLS + "/stop.sh").expect(0);
    assertThat(ProcessHandle.allProcesses().filter(this::isOurs)).as("processes").isEmpty();
    assertThat(out("grep -F " + state + " /proc/self/mounts; :")).as("mounts").isEmpty();
    assertThat(out("ls /run/netns 2>/dev/null | grep -e '^cni-' -e '^" + network + "$'; :"))
        .as("network namespaces")
        .isEmpty();
    assertThat(out("find /sys/fs/cgroup -type d -path '*/" + network + "*'"))
        .as("control groups")
        .isEmpty();
    assertThat(out("ls -A " + state)).as("files").isEqualTo("log");
  }

  private boolean isOurs(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(state.toString());
  }

  /// The first of three ports in a row that nobody has.
  private static int freePorts() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      try (ServerSocket first = new ServerSocket(0)) {
        int port = first.getLocalPort();
        if (isFree(port + 1) && isFree(port + 2)) {
          return port;
        }
      }
    }
    throw new IOException("no three free ports in a row");
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port)) {
      return true;
    } catch (IOException | IllegalArgumentException taken) {
      return false;
    }
  }
}
