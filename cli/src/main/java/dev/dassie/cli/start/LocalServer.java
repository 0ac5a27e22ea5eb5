package dev.dassie.cli.start;

import dev.dassie.api.Client;
import dev.dassie.api.Problem;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server of this machine, started in the background; `server.pid` in the home folder remembers
/// it as process id and start time, so that a process that got the id later is left alone.
final class LocalServer {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(20);
  private static final int MESSAGE_BYTES_MAX = 8192;
  private final Session session;
  private final Path home;

  LocalServer(Session session) {
    this.session = session;
    this.home = session.surroundings().home();
  }

  Path log() {
    return home.resolve("server.log");
  }

  /// How the start went.
  ///
  /// @param exitCode 0 when the server serves, else the one it ended with
  record Started(long pid, int exitCode, String lastWords) {}

  /// Starts a server and waits until it serves at the URL or has ended.
  Started start(URI url, List<String> options) throws IOException, InterruptedException {
    Files.createDirectories(home);
    Path log = log();
    long before = Files.exists(log) ? Files.size(log) : 0;
    ProcessBuilder builder =
        new ProcessBuilder(command(options))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().remove("DASSIE_URL");
    Process process = builder.start();
    remember(process.toHandle());
    try (Client probe = new Client(url, session.surroundings().identity())) {
      long end = System.nanoTime() + START_MAX.toNanos();
      while (System.nanoTime() < end) {
        if (probe.ready() && process.isAlive()) {
          return new Started(process.pid(), 0, "");
        }
        if (process.waitFor(40, TimeUnit.MILLISECONDS)) {
          Files.deleteIfExists(pidFile());
          return new Started(process.pid(), Math.max(1, process.exitValue()), since(log, before));
        }
      }
    }
    process.destroy();
    Files.deleteIfExists(pidFile());
    throw Problem.of(
            Problem.TIMED_OUT,
            "The server did not serve at `%s` within %d s.".formatted(url, START_MAX.toSeconds()),
            Optional.of("Its log is `%s`.".formatted(log)))
        .asException();
  }

  /// A session of its own keeps the server alive when the terminal interrupts or closes.
  private List<String> command(List<String> options) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(launcher(session));
    command.add("server");
    command.addAll(options);
    return command;
  }

  /// Runs something of the server's, in the foreground, as the script does.
  static int run(Session session, String what, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher(session), what));
    command.addAll(arguments);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /// The script that starts everything.
  static String launcher(Session session) {
    return session
        .surroundings()
        .variable("DASSIE_LAUNCHER")
        .orElseThrow(() ->
            Problem.of(
                    Problem.FAILED,
                    "The variable `DASSIE_LAUNCHER` is not set, expected the path of the script"
                        + " `dassie`.",
                    Optional.of("Run the script `dassie` instead of the jar."))
                .asException());
  }

  private Path pidFile() {
    return home.resolve("server.pid");
  }

  private void remember(ProcessHandle process) throws IOException {
    long started = process.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
    Files.writeString(pidFile(), process.pid() + "\n" + started + "\n");
  }

  /// The server that was started here, while it runs.
  Optional<ProcessHandle> running() throws IOException {
    if (!Files.isRegularFile(pidFile())) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile());
    if (lines.size() < 2 || !lines.stream().allMatch(line -> line.matches("\\d{1,18}"))) {
      return Optional.empty();
    }
    long started = Long.parseLong(lines.get(1));
    return ProcessHandle.of(Long.parseLong(lines.get(0)))
        .filter(ProcessHandle::isAlive)
        .filter(process ->
            process.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L) == started);
  }

  /// Asks the process to end and waits for it.
  void stop(ProcessHandle process) throws IOException, InterruptedException {
    process.destroy();
    try {
      process.onExit().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
      Files.deleteIfExists(pidFile());
    } catch (TimeoutException | ExecutionException e) {
      throw Problem.of(
              Problem.FAILED,
              "The server, process `%d`, did not end within %d s."
                  .formatted(process.pid(), STOP_MAX.toSeconds()),
              Optional.of("Its log is `%s`.".formatted(log())))
          .asException();
    }
  }

  /// What was written to the log since a position, the last of it.
  private static String since(Path log, long position) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(position, file.length() - MESSAGE_BYTES_MAX));
      byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }
}
