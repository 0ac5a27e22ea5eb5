package dev.dassie.cli.pipeline;

import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What tables and `inspect` show of pipelines, jobs and datums.
final class Columns {
  static final List<Column> PIPELINES =
      List.of(
          Column.text("NAME", "name"),
          Column.number("VERSION", "version"),
          Column.of("INPUT", (item, view) -> joined(item.path("input_branches"))),
          Column.time("CREATED", "created"),
          Column.of(
              "STATE / LAST JOB",
              (item, view) -> state(item) + " / " + orDash(Cells.text(item, "last_job.state"))),
          Column.text("DESCRIPTION", "description"));
  static final List<Column> PIPELINE =
      List.of(
          Column.text("Name", "name"),
          Column.text("Project", "project"),
          Column.text("Description", "description"),
          Column.text("Version", "version"),
          Column.of("State", (item, view) -> state(item)),
          Column.text("Reason", "reason"),
          Column.time("Created", "created"),
          Column.time("Updated", "updated"),
          Column.text("Author", "author"),
          Column.of("Input", (item, view) -> joined(item.path("input_branches"))),
          Column.text("Output branch", "output_branch"),
          Column.text("Spec commit", "spec_commit"),
          Column.of("Next tick", (item, view) -> ticks(item.path("clocks"))),
          Column.of(
              "Last job",
              (item, view) ->
                  (Cells.text(item, "last_job.id") + " " + Cells.text(item, "last_job.state"))
                      .strip()),
          Column.of("Process", (item, view) -> process(item.path("process"))),
          Column.of("Shows", (item, view) -> shown(item.path("process").path("shows"))),
          Column.of("Not used", (item, view) -> joined(item.path("unused"))),
          Column.of("Notes", (item, view) -> joined(item.path("notes"))));
  static final List<Column> JOBS =
      List.of(
          Column.text("PIPELINE", "pipeline"),
          Column.text("ID", "id"),
          Column.time("STARTED", "started"),
          Column.duration("DURATION", "duration_ms"),
          Column.of("PROGRESS", (item, view) -> progress(item.path("datums"))),
          Column.of("STATE", (item, view) -> state(item)),
          Column.text("REASON", "reason"));
  static final List<Column> JOB =
      List.of(
          Column.text("ID", "id"),
          Column.text("Pipeline", "pipeline"),
          Column.text("Project", "project"),
          Column.text("Version", "version"),
          Column.of("State", (item, view) -> state(item)),
          Column.text("Reason", "reason"),
          Column.text("Message", "message"),
          Column.text("Author", "author"),
          Column.time("Created", "created"),
          Column.time("Started", "started"),
          Column.time("Finished", "finished"),
          Column.duration("Duration", "duration_ms"),
          Column.of("Datums", (item, view) -> counts(item.path("datums"))),
          Column.of("Input", (item, view) -> inputs(item.path("inputs"))),
          Column.text("Output commit", "output_commit"),
          Column.text("Executor", "executor"),
          Column.text("Sandbox", "sandbox"));
  static final List<Column> DATUMS =
      List.of(
          Column.text("ID", "id"),
          Column.of("FILES", (item, view) -> paths(item)),
          Column.of("STATUS", (item, view) -> state(item)),
          Column.duration("TIME", "duration_ms"),
          Column.text("REASON", "reason"));
  static final List<Column> PREVIEW =
      List.of(
          Column.text("ID", "id"),
          Column.of("FILES", (item, view) -> paths(item)),
          Column.of("STATE", (item, view) -> state(item)),
          Column.of("JOINED BY", (item, view) -> keys(item)),
          Column.of("KEY", (item, view) -> Cells.shortened(Cells.text(item, "key"))));
  static final List<Column> DATUM =
      List.of(
          Column.text("ID", "id"),
          Column.text("Job", "job"),
          Column.text("Result of job", "job_of_result"),
          Column.of("State", (item, view) -> state(item)),
          Column.text("Reason", "reason"),
          Column.text("Tries", "tries"),
          Column.text("Exit code", "exit_code"),
          Column.duration("Time", "duration_ms"),
          Column.of("Files", (item, view) -> paths(item)),
          Column.text("Sandbox", "sandbox"),
          Column.text("Key", "key"));

  private Columns() {}

  private static String state(JsonNode item) {
    return orDash(Cells.text(item, "state"));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  /// As pachctl shows it: processed + skipped / total.
  private static String progress(JsonNode datums) {
    long failed = datums.path("failed").asLong(0);
    long recovered = datums.path("recovered").asLong(0);
    return "%d + %d / %d%s%s"
        .formatted(
            datums.path("success").asLong(0),
            datums.path("skipped").asLong(0),
            datums.path("total").asLong(0),
            failed > 0 ? ", " + failed + " failed" : "",
            recovered > 0 ? ", " + recovered + " recovered" : "");
  }

  static String counts(JsonNode datums) {
    List<String> parts = new ArrayList<>();
    datums
        .properties()
        .forEach(count -> parts.add(count.getValue().asString("") + " " + count.getKey()));
    return String.join(", ", parts);
  }

  private static String inputs(JsonNode inputs) {
    List<String> names = new ArrayList<>();
    inputs.forEach(input -> names.add(Cells.text(input, "repo") + "@" + Cells.text(input, "id")));
    return String.join(", ", names);
  }

  private static String paths(JsonNode datum) {
    List<String> names = new ArrayList<>();
    datum
        .path("inputs")
        .forEach(file -> names.add(Cells.text(file, "name") + ":" + Cells.text(file, "path")));
    return String.join(", ", names);
  }

  /// The join and group keys of a datum's files, each once.
  private static String keys(JsonNode datum) {
    Set<String> keys = new LinkedHashSet<>();
    for (JsonNode file : datum.path("inputs")) {
      for (String kind : List.of("join_key", "group_key")) {
        if (file.has(kind)) {
          keys.add(Cells.text(file, kind));
        }
      }
    }
    return String.join(", ", keys);
  }

  /// A list of texts, or of objects that name a branch.
  private static String joined(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(item ->
        names.add(
            item.isObject()
                ? Cells.text(item, "repo") + "@" + Cells.text(item, "branch")
                : item.asString("")));
    return String.join(", ", names);
  }

  /// When the cron inputs tick next; nothing where there are none.
  private static String ticks(JsonNode clocks) {
    List<String> times = new ArrayList<>();
    clocks.forEach(
        clock -> times.add(Cells.text(clock, "name") + " " + clock.path("next").asString("none")));
    return String.join(", ", times);
  }

  /// The commits that a service shows.
  private static String shown(JsonNode commits) {
    List<String> names = new ArrayList<>();
    commits.forEach(
        commit -> names.add(Cells.text(commit, "repo") + "@" + Cells.text(commit, "id")));
    return String.join(", ", names);
  }

  private static String process(JsonNode process) {
    if (process.isMissingNode()) {
      return "";
    }
    String port = Cells.text(process, "port");
    String state = Cells.text(process, "state");
    return "%s%s, started again %s times"
        .formatted(
            state, port.isEmpty() ? "" : " on port " + port, Cells.text(process, "restarts"));
  }
}
