package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `logs [-p PIPELINE] [-j JOB] [--datum ID] [-f] [--tail N] [--since DURATION]`
public final class Logs implements Action {
  @Mixin private final Scope scope = new Scope();

  @Option(
      names = {"-p", "--pipeline"},
      paramLabel = "NAME",
      description = "Of this pipeline.")
  private Optional<String> pipeline = Optional.empty();

  @Option(
      names = {"-j", "--job"},
      paramLabel = "ID",
      description = "Of this job: an id, or pipeline@id.")
  private Optional<String> job = Optional.empty();

  @Option(names = "--datum", paramLabel = "ID", description = "Of this datum.")
  private Optional<String> datum = Optional.empty();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what comes.")
  private boolean follow;

  @Option(names = "--tail", paramLabel = "N", description = "Only the last N lines.")
  private Optional<Long> tail = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "Only lines younger than this (10m, 2h), or since a time in RFC 3339.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--inputs", description = "Before each line, the input files of its datum.")
  private boolean inputs;

  @Option(names = "--raw", description = "Lines as JSON, with their job, datum and try.")
  private boolean raw;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (pipeline.isEmpty() && job.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "`logs` needs the option `-p PIPELINE` or `-j JOB`.",
              Optional.of("`dassie list job` shows both."))
          .asException();
    }
    Optional<Address> named = job.filter(text -> text.contains("@")).map(scope::address);
    Request request =
        Request.get(scope.url() + "/logs")
            .with("pipeline", pipeline.or(() -> named.map(Address::repo)))
            .with("job", named.isPresent() ? named.flatMap(Address::commit) : job)
            .with("datum", datum)
            .with("tail", tail.map(String::valueOf))
            .with("since", since.map(Logs::time))
            .flag("follow", follow);
    try (Lines lines = session.api().lines(follow ? request.unlimited() : request)) {
      for (Optional<JsonNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        session.print(raw ? Json.compact(line.get()) : text(line.get()));
        if (follow) {
          session.terminal().out().flush();
        }
      }
    }
    return Exit.OK;
  }

  private String text(JsonNode line) {
    String text = Safe.line(Cells.text(line, "line"));
    if (!inputs) {
      return text;
    }
    StringBuilder names = new StringBuilder();
    line.path("inputs").forEach(path -> names.append(Safe.line(path.asString(""))).append(' '));
    return names + text;
  }

  private static String time(String typed) {
    return typed.contains("T") ? typed : Instant.now().minus(Patience.parse(typed)).toString();
  }
}
