package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.job.JobName;
import dev.dassie.job.Terminal;
import dev.dassie.job.Trials;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Shells in the sandboxes of datums. One is opened, its output is read as long as it lasts, its
/// input comes in calls beside that. It ends when its reader goes.
final class ShellsResource {
  private static final String ONE = "/api/v1/shells/{shell}";
  private static final int INPUT_MAX = 64 << 10;
  private static final int SIDE_MAX = 10_000;
  private static final Duration BEAT = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofHours(12);

  private final Versions versions;
  private final Trials trials;
  private final Shells shells;
  private final Waits waits;

  ShellsResource(Versions versions, Trials trials, Shells shells, Waits waits) {
    this.versions = versions;
    this.trials = trials;
    this.shells = shells;
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                "/api/v1/projects/{project}/pipelines/{name}/jobs/{job}/datums/{datum}/shell",
                "open_shell",
                "Opens a shell where a datum would run.")
            .taking(Route.Body.json("NewShell"))
            .created("Shell", this::open),
        Route.get(ONE + "/output", "read_shell", "What a shell writes, until it ends.")
            .lines("ShellLine", this::read),
        Route.post(ONE + "/input", "write_shell", "Types into a shell.")
            .number("offset", "How many bytes were typed before; 0 unless given.")
            .flag("end", "Says that no more comes.")
            .taking(Route.Body.BYTES)
            .nothing(this::write),
        Route.delete(ONE, "end_shell", "Ends a shell.")
            .nothing(exchange -> {
              shells.end(exchange.path("shell"));
              exchange.replyNothing();
            }));
  }

  private void open(Exchange exchange) throws IOException, InterruptedException {
    Fields body = exchange.json().only("rows", "columns");
    Optional<Terminal.Size> size =
        body.has("rows") || body.has("columns")
            ? Optional.of(new Terminal.Size(side(body, "rows"), side(body, "columns")))
            : Optional.empty();
    JobName job =
        JobsResource.name(
            versions, exchange.path("project"), exchange.path("name"), exchange.path("job"));
    Terminal terminal = trials.shell(job, exchange.path("datum"), size);
    exchange.reply(
        Json.object().put("id", shells.add(terminal)).put("command", terminal.command()));
  }

  private static int side(Fields body, String name) {
    long value = body.number(name).orElse(0L);
    if (value < 1 || value > SIDE_MAX) {
      throw new Fault.Invalid("The field `" + name + "`", Long.toString(value), "1 to 10,000")
          .asException();
    }
    return (int) value;
  }

  private void read(Exchange exchange) throws IOException, InterruptedException {
    String id = exchange.path("shell");
    Terminal terminal = shells.read(id);
    long end = System.nanoTime() + LONGEST.toNanos();
    try {
      Lines lines = exchange.lines();
      lines.beat();
      while (terminal.exitCode().isEmpty() && System.nanoTime() < end) {
        Optional<byte[]> output = waits.during(() -> terminal.read(BEAT));
        if (output.isPresent()) {
          lines.send(Json.object().put("output", Base64.getEncoder().encodeToString(output.get())));
          lines.flush();
        } else {
          lines.beat();
        }
      }
      // 124 as of a wait that has timed out: it was open for too long.
      lines.send(Json.object().put("exit_code", terminal.exitCode().orElse(124)));
      lines.end();
    } finally {
      shells.end(id);
    }
  }

  private void write(Exchange exchange) throws IOException {
    Shells.Open shell = shells.get(exchange.path("shell"));
    byte[] input = exchange.body().readNBytes(INPUT_MAX + 1);
    if (input.length > INPUT_MAX) {
      throw new Fault.Invalid("The body", "of more than 64 KiB", "at most 64 KiB").asException();
    }
    shell.write(exchange.number("offset", 0, Long.MAX_VALUE / 2, 0), input);
    if (exchange.flag("end")) {
      shell.terminal().endInput();
    }
    exchange.replyNothing();
  }
}
