package dev.dassie.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The shipped programs on a home and a working folder of their own. Closing stops the server.
final class Instance implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;

  private final Path folder;
  private final int port;
  private final Map<String, String> environment = new TreeMap<>();

  /// Makes an instance in `folder` without starting it.
  Instance(Path folder) throws IOException {
    this.folder = folder;
    this.port = freePort();
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("dassie"), ProjectTree.ROOT.resolve("dassie"));
    Files.createDirectories(work());
    environment.put("DASSIE_HOME", home().toString());
    environment.put("DASSIE_PORT", Integer.toString(port));
    environment.put("DASSIE_S3_PORT", Integer.toString(freePort()));
    environment.put("DASSIE_URL", url());
    environment.put("DASSIE_SERVER_OPTIONS", "-Xmx512m");
    environment.put("NO_COLOR", "1");
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
  }

  static Instance started(Path folder) throws IOException, InterruptedException {
    Instance instance = new Instance(folder);
    instance.run("dassie up").expect(0);
    return instance;
  }

  Path home() {
    return folder.resolve("home");
  }

  /// Where commands run.
  Path work() {
    return folder.resolve("work");
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  Map<String, String> environment() {
    return environment;
  }

  /// Runs one line of shell in the working folder and waits for its end.
  Result run(String command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        start(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    Result result = new Result(command, ended ? process.exitValue() : -1, text(out), text(err));
    Files.delete(out);
    Files.delete(err);
    return result;
  }

  /// The process of one line of shell, not yet started.
  ProcessBuilder start(String command) {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).directory(work().toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  Path write(String name, String content) {
    try {
      Path file = work().resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Kills the server with -9 and waits until it is gone, for a minute at most.
  void kill() throws IOException {
    long pid = Long.parseLong(Files.readString(home().resolve("dassie.pid")).strip());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    if (!server.destroyForcibly()) {
      throw new IOException("the server " + pid + " could not be killed");
    }
    server.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  @Override
  public void close() throws IOException {
    start("dassie down").start().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// What a command left.
  record Result(String command, int exit, String out, String err) {
    /// Fails the test, with all that was printed, when the exit code differs.
    Result expect(int code) {
      if (exit != code) {
        throw new AssertionError(
            "`%s` ended with %d, expected %d%nstdout: %s%nstderr: %s"
                .formatted(command, exit, code, out, err));
      }
      return this;
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }
}
