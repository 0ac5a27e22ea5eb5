package dev.dassie.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The shipped server and command line on a temporary home. Closing stops and removes it.
final class RealServer implements AutoCloseable {
  private static final long PATIENCE_MINUTES = 10;

  private final Path root;
  private final Path folder;
  private final int port;
  private final int s3Port;

  RealServer() throws IOException {
    root = projectRoot();
    folder = Files.createTempDirectory("dassie-bench");
    port = freePort();
    s3Port = freePort();
  }

  private static Path projectRoot() {
    for (Path here = Path.of("").toAbsolutePath(); here != null; here = here.getParent()) {
      if (Files.exists(here.resolve("ARCHITECTURE.md"))) {
        return here;
      }
    }
    throw new IllegalStateException("the benchmarks must run within the project");
  }

  static RealServer started() throws IOException, InterruptedException {
    RealServer server = new RealServer();
    server.dassie("up");
    return server;
  }

  Path folder() {
    return folder;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Runs a command of Dassie and returns what it printed; anything but success ends the benchmark.
  String dassie(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of(root.resolve("dassie").toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /// Runs any program in the folder of this server.
  String run(String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        process(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "`%s` failed: %s".formatted(String.join(" ", command), Files.readString(err)));
    }
    return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
  }

  /// A process with the environment of this server, not started yet.
  ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("DASSIE_HOME", folder.resolve("home").toString());
    builder.environment().put("DASSIE_PORT", Integer.toString(port));
    builder.environment().put("DASSIE_S3_PORT", Integer.toString(s3Port));
    builder.environment().put("DASSIE_URL", url());
    return builder;
  }

  Path launcher() {
    return root.resolve("dassie");
  }

  @Override
  public void close() throws IOException {
    Process down = process(launcher().toString(), "down").start();
    down.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
