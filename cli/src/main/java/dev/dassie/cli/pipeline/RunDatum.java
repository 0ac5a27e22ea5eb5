package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `run datum PIPELINE@ID DATUM`: repeats a datum with its code on its files, and says whether it
/// ends as it did. Nothing is recorded. Exit code 1 when it fails.
public final class RunDatum implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(index = "0", paramLabel = "PIPELINE@ID", description = "The job.")
  private String job = "";

  @Parameters(index = "1", paramLabel = "DATUM", description = "The datum's id, or its beginning.")
  private String datum = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json: what came of it as one document.")
  private Optional<String> output = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (output.isPresent() && !output.get().equals("json") && !output.get().equals("jsonl")) {
      throw Problem.invalid("The format is `%s`, expected json.".formatted(output.get()))
          .asException();
    }
    String url = JobName.parse(job, scope).url() + "/datums/" + Percent.encode(datum);
    JsonNode before = session.api().json(Request.get(url));
    JsonNode now = outcome(session, url);
    if (output.isPresent()) {
      session.print(output.get().equals("json") ? Json.pretty(now) : Json.compact(now));
    } else {
      show(session, before, now);
    }
    return Cells.text(now, "state").equals("failed") ? Exit.FAILED : Exit.OK;
  }

  private static JsonNode outcome(Session session, String url)
      throws IOException, InterruptedException {
    JsonNode found = Json.object();
    try (Lines lines = session.api().lines(Request.post(url + "/run").unlimited())) {
      for (Optional<JsonNode> line = lines.next(); line.isPresent(); line = lines.next()) {
        found = line.get().has("datum") ? line.get().path("datum") : found;
      }
    }
    return found;
  }

  private static void show(Session session, JsonNode before, JsonNode now) {
    Cells.text(now, "log").lines().forEach(line -> session.print(Safe.line(line)));
    session.terminal().out().flush(); // before what is said of it
    String then = Cells.text(before, "state");
    boolean failedThen = then.equals("failed");
    boolean failed = Cells.text(now, "state").equals("failed");
    String took = Cells.duration(now, "duration_ms");
    if (failed) {
      session.say(
          "%s after %s: %s"
              .formatted(
                  failedThen
                      ? "It failed again"
                      : "It failed now, and had the state `%s`".formatted(then),
                  took,
                  Cells.text(now, "reason")));
    } else if (failedThen) {
      session.say(
          "It did not fail this time, after %s; in the job it failed: %s"
              .formatted(took, Cells.text(before, "reason")));
    } else {
      String diff = Cells.text(now, "diff");
      boolean compared = now.path("compared").asBoolean(false);
      diff.lines().filter(line -> compared).forEach(line -> session.print(Safe.line(line)));
      session.terminal().out().flush();
      session.say(
          "It succeeded in %s%s."
              .formatted(
                  took,
                  !compared
                      ? ""
                      : diff.isEmpty()
                          ? ", with the output that is recorded"
                          : ", with another output than the recorded one"));
    }
    session.say("Nothing was recorded.");
  }
}
