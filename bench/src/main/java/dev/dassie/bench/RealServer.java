package dev.dassie.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shipped server and command line on a home of its own. Closing stops it, and removes what is
/// not to be kept.
final class RealServer implements AutoCloseable {
  private static final long PATIENCE_MINUTES = 10;

  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");

  private final Path root;
  private final Path folder;
  private final boolean kept;
  private final String options;
  private final int port;
  private final int s3Port;
  private long pid = -1;

  RealServer() throws IOException {
    this("");
  }

  /// With options of Java for the server.
  RealServer(String options) throws IOException {
    this(options, Files.createTempDirectory("dassie-bench"), false);
  }

  private RealServer(String options, Path folder, boolean kept) throws IOException {
    this.options = options;
    this.folder = folder;
    this.kept = kept;
    root = projectRoot();
    port = freePort();
    s3Port = freePort();
  }

  /// On a folder that stays, with what an earlier run left in it.
  static RealServer kept(Path folder) throws IOException, InterruptedException {
    RealServer server = new RealServer("", Files.createDirectories(folder), true);
    server.dassie("up");
    return server;
  }

  static Path projectRoot() {
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

  static RealServer started(String options) throws IOException, InterruptedException {
    RealServer server = new RealServer(options);
    server.dassie("up");
    return server;
  }

  Path folder() {
    return folder;
  }

  int s3Port() {
    return s3Port;
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
    if (!options.isEmpty()) {
      builder.environment().put("DASSIE_SERVER_OPTIONS", options);
    }
    return builder;
  }

  /// The same as [#dassie], timed; the CPU is that of the command and of the server meanwhile.
  Timing timed(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of(root.resolve("dassie").toString()));
    command.addAll(List.of(arguments));
    double before = serverCpu();
    Timing timing = timing(process(command.toArray(String[]::new)));
    return timing.plus(serverCpu() - before);
  }

  /// Runs a program of this module in a Java of its own.
  Timing java(Class<?> program, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                root.resolve("bench/target/classes").toString(),
                program.getName()));
    command.addAll(List.of(arguments));
    return timing(process(command.toArray(String[]::new)));
  }

  /// Runs a line of shell, with `$0` set.
  Timing shell(String line, String zero) throws IOException, InterruptedException {
    return timing(process("bash", "-c", line, zero));
  }

  private Timing timing(ProcessBuilder builder) throws IOException, InterruptedException {
    return Timing.of(builder, folder, PATIENCE_MINUTES * 60.0)
        .orElseThrow(() -> new IllegalStateException("not done in time: " + builder.command()));
  }

  /// Seconds of processor that the server has used so far, from Linux's `/proc`, in ticks of 10 ms.
  double serverCpu() throws IOException, InterruptedException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  long pid() throws IOException, InterruptedException {
    if (pid < 0) {
      Matcher said = PID.matcher(dassie("status", "-o", "json"));
      if (!said.find()) {
        throw new IllegalStateException("the status says no process id");
      }
      pid = Long.parseLong(said.group(1));
    }
    return pid;
  }

  /// Bytes of all packs.
  long packBytes() throws IOException {
    return Trees.bytes(home().resolve("store").resolve("packs"));
  }

  /// Bytes of the packs of files' bytes.
  long dataBytes() throws IOException {
    Path data = home().resolve("store").resolve("packs").resolve("data");
    return Files.exists(data) ? Trees.bytes(data) : 0;
  }

  Path home() {
    return folder.resolve("home");
  }

  Path launcher() {
    return root.resolve("dassie");
  }

  @Override
  public void close() throws IOException {
    Process down = process(launcher().toString(), "down").start();
    down.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    if (!kept) {
      Trees.delete(folder);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
