package dev.dassie.cli.version;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What to do where a merge finds a path changed on both sides, and showing what it would do.
final class Choosing {
  static final List<Column> STEPS =
      List.of(
          Column.text("CHANGE", "change"),
          Column.text("PATH", "path"),
          Column.of("CONFLICT", (item, view) -> Cells.text(item, "conflict").replace('_', ' ')),
          Column.of("TAKES", (item, view) -> takes(item)));

  @Option(names = "--ours", description = "At conflicts keep what the branch has.")
  private boolean ours;

  @Option(names = "--theirs", description = "At conflicts take the other side.")
  private boolean theirs;

  @Option(
      names = "--resolve",
      paramLabel = "PATH=SIDE",
      description = "Ours, theirs or base (neither) for one path, or all in a directory.")
  private List<String> resolve = new ArrayList<>();

  @Option(names = "--dry-run", description = "List what would happen, and change nothing.")
  private boolean dryRun;

  boolean dryRun() {
    return dryRun;
  }

  /// The body of a request with the choices in it.
  ObjectNode body() {
    if (ours && theirs) {
      throw Problem.invalid("`--ours` and `--theirs` are given, expected one of them.")
          .asException();
    }
    ObjectNode body = Json.object();
    if (ours || theirs) {
      body.put("prefer", ours ? "ours" : "theirs");
    }
    for (String typed : resolve) {
      int equals = typed.lastIndexOf('=');
      if (equals < 1) {
        throw Problem.invalid(
                "The resolution is `%s`, expected `PATH=ours`, `PATH=theirs` or `PATH=base`."
                    .formatted(typed))
            .asException();
      }
      body.withObjectProperty("resolve")
          .put(typed.substring(0, equals), typed.substring(equals + 1));
    }
    return body;
  }

  /// Lists the steps of a plan.
  ///
  /// @return exit code 5 when conflicts are open
  static int show(Session session, Shape shape, Request plan)
      throws IOException, InterruptedException {
    boolean[] open = {false};
    new Listing(session, shape)
        .whole(
            plan,
            STEPS,
            item -> open[0] |= item.path("conflict").isString() && !item.path("side").isString());
    if (open[0]) {
      session.say("Conflicts are open: choose with `--ours`, `--theirs` or `--resolve PATH=ours`.");
      return Exit.CONFLICT;
    }
    return Exit.OK;
  }

  private static String takes(JsonNode item) {
    String side = Cells.text(item, "side");
    return side.isEmpty() ? "undecided" : side;
  }
}
