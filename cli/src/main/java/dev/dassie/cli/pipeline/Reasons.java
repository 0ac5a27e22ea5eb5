package dev.dassie.cli.pipeline;

import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import dev.dassie.cli.terminal.Terminal;
import dev.dassie.cli.terminal.View;
import tools.jackson.databind.JsonNode;

/// Why something ran, waits, was skipped or failed, for people.
final class Reasons {
  private static final int BOLD = 1;

  private final View view;
  private final Terminal terminal;

  Reasons(View view, Terminal terminal) {
    this.view = view;
    this.terminal = terminal;
  }

  void answer(JsonNode answer) {
    String title = "%s %s".formatted(Cells.text(answer, "kind"), Cells.text(answer, "about"));
    terminal
        .out()
        .println(
            terminal.painted(Safe.line(title), BOLD)
                + "  "
                + Safe.line(Cells.text(answer, "state")));
    answer.path("reasons").forEach(reason -> line(reason.asString("")));
    for (JsonNode blocker : answer.path("blockers")) {
      line("waits    " + Cells.text(blocker, "sentence"));
    }
    for (JsonNode change : answer.path("changes")) {
      line("change   " + Cells.text(change, "sentence"));
    }
    for (JsonNode cause : answer.path("causes")) {
      cause(cause);
    }
    for (JsonNode reused : answer.path("results")) {
      line(
          "results  of job %s: %s"
              .formatted(
                  Cells.text(reused, "job"),
                  Cells.counted(reused.path("datums").asLong(0), "datum")));
    }
    for (JsonNode failure : answer.path("failures")) {
      line(
          "failed   datum %s: %s"
              .formatted(
                  Cells.shortened(Cells.text(failure, "datum")), Cells.text(failure, "reason")));
    }
  }

  private void cause(JsonNode cause) {
    String message = Cells.text(cause, "message");
    line(
        "cause    %s@%s=%s by %s %s%s"
            .formatted(
                Cells.text(cause, "repo"),
                Cells.text(cause, "branch"),
                Cells.shortened(Cells.text(cause, "commit")),
                Cells.text(cause, "author"),
                Cells.time(cause, "started", view),
                message.isEmpty() ? "" : ": " + message));
  }

  private void line(String text) {
    terminal.out().println("  " + Safe.line(text.stripTrailing()));
  }
}
