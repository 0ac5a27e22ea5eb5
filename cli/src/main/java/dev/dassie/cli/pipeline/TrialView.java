package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Shows a trial as it goes: of the first datums all that a screen holds, of the rest a line each.
/// For one trial.
final class TrialView {
  private static final int IN_FULL = 20;
  private static final int LOG_LINES = 100;
  private static final int DIFF_LINES = 200;
  private static final int RED = 31;
  private static final int GREEN = 32;

  private final Session session;
  private final boolean raw;
  private final long since;
  private long shown;
  private long failed;
  private boolean ended;

  /// @param raw whether lines are printed as they come
  /// @param since the moment of `System.nanoTime()` from which the person waits
  TrialView(Session session, boolean raw, long since) {
    this.session = session;
    this.raw = raw;
    this.since = since;
  }

  /// Datums that failed.
  long failed() {
    return failed;
  }

  /// Whether the trial came to its end.
  boolean ended() {
    return ended;
  }

  void show(JsonNode line) {
    JsonNode datum = line.path("datum");
    JsonNode summary = line.path("summary");
    ended |= summary.isObject();
    failed += Cells.text(datum, "state").equals("failed") ? 1 : 0;
    if (raw) {
      session.print(Json.compact(line));
    } else if (datum.isObject()) {
      datum(datum);
    } else if (summary.isObject()) {
      summary(summary);
    }
    session.terminal().out().flush();
  }

  private void datum(JsonNode datum) {
    shown++;
    List<String> inputs = new ArrayList<>();
    for (JsonNode input : datum.path("inputs")) {
      inputs.add(Cells.text(input, "name") + ":" + Cells.text(input, "path"));
    }
    String state = Cells.text(datum, "state");
    session.print(
        "%s  %s  %s%s"
            .formatted(
                Safe.line(String.join(" ", inputs)),
                session.terminal().painted(state, state.equals("failed") ? RED : GREEN),
                Cells.duration(datum, "duration_ms"),
                state.equals("failed") ? "  " + Safe.line(Cells.text(datum, "reason")) : ""));
    if (shown <= IN_FULL || state.equals("failed")) {
      String log = Cells.text(datum, "log");
      List<String> lines = log.lines().toList();
      int from = Math.max(0, lines.size() - LOG_LINES);
      if (from > 0) {
        session.print("  | … %d lines before".formatted(from));
      }
      lines.subList(from, lines.size()).forEach(text -> session.print("  | " + Safe.line(text)));
      diff(datum);
    }
  }

  private void diff(JsonNode datum) {
    List<String> lines =
        Cells.text(datum, "diff").lines().filter(line -> !line.startsWith("diff ")).toList();
    for (String line : lines.subList(0, Math.min(DIFF_LINES, lines.size()))) {
      String safe = Safe.line(line);
      session.print(
          "  "
              + (line.startsWith("+")
                  ? session.terminal().painted(safe, GREEN)
                  : line.startsWith("-") ? session.terminal().painted(safe, RED) : safe));
    }
    if (lines.size() > DIFF_LINES || datum.path("more_files").asBoolean(false)) {
      session.print("  … more differences");
    } else if (lines.isEmpty() && datum.path("compared").asBoolean(false)) {
      session.print("  the output is the same as before");
    }
  }

  private void summary(JsonNode summary) {
    for (JsonNode branch : summary.path("empty")) {
      session.say("The input `%s` has no data yet.".formatted(branch.asString("")));
    }
    JsonNode counts = summary.path("datums");
    long ran =
        counts.path("success").asLong(0)
            + counts.path("failed").asLong(0)
            + counts.path("recovered").asLong(0);
    long code = summary.path("code_ms").asLong(0);
    long all = (System.nanoTime() - since) / 1_000_000;
    session.print(
        "%s%s: %d ran, %d had a result%s. %s since the save, your code took %s of it."
            .formatted(
                Cells.counted(counts.path("total").asLong(0), "datum"),
                summary.path("more").asBoolean(false) ? " of more" : "",
                ran,
                counts.path("skipped").asLong(0),
                failed > 0 ? ", %d failed".formatted(failed) : "",
                Cells.duration(all),
                Cells.duration(code)));
  }
}
