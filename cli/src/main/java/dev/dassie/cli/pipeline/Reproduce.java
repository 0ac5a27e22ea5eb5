package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `reproduce REPO@COMMIT[:/PATH]`: runs again what made it and compares. Ends with 0 where every
/// file is identical, else with 1.
public final class Reproduce implements Action {
  private static final Duration LONG = Duration.ofHours(24);

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(
      paramLabel = "REPO@COMMIT[:/PATH]",
      description = "A commit that a pipeline made, or a file or directory of one.")
  private String what = "";

  private boolean same;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    Request request =
        Request.post(address.commitUrl() + "/reproduce").with("path", address.path()).within(LONG);
    if (shape.format().isPresent()) {
      long _ = new Listing(session, shape).whole(request, List.of(), this::see);
    } else {
      try (Lines lines = session.api().lines(request)) {
        session.sayNoteOf(lines.reply());
        for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
          see(one.get());
          session.print(Safe.line(line(one.get())));
        }
      }
    }
    return same ? Exit.OK : Exit.FAILED;
  }

  private void see(JsonNode one) {
    if (Cells.text(one, "kind").equals("summary")) {
      same = one.path("same").asBoolean(false);
    }
  }

  private static String line(JsonNode one) {
    return switch (Cells.text(one, "kind")) {
      case "environment" -> Cells.text(one, "change.sentence");
      case "file" -> Cells.text(one, "path") + "  " + outcome(one);
      case "failed" ->
          "datum %s failed: %s"
              .formatted(Cells.shortened(Cells.text(one, "datum")), Cells.text(one, "reason"));
      default -> summary(one);
    };
  }

  private static String outcome(JsonNode file) {
    String at = Cells.text(file, "first_difference");
    return switch (Cells.text(file, "outcome")) {
      case "different" ->
          at.isEmpty()
              ? "different"
              : "different from byte %s on (%s bytes then, %s now)"
                  .formatted(at, Cells.text(file, "size_before"), Cells.text(file, "size_after"));
      case "missing" -> "missing: it was not written this time";
      case "added" -> "added: it was not written then";
      case "mode" -> "the same bytes, executable only once";
      default -> "identical";
    };
  }

  private static String summary(JsonNode one) {
    long different = one.path("different").asLong(0);
    long failed = one.path("failed").asLong(0);
    String ran = "Ran " + Cells.counted(one.path("datums").asLong(0), "datum") + " again: ";
    return ran
        + (one.path("same").asBoolean(false)
            ? "identical."
            : "%s identical, %d different, %s failed."
                .formatted(
                    Cells.counted(one.path("identical").asLong(0), "file"),
                    different,
                    Cells.counted(failed, "datum")));
  }
}
