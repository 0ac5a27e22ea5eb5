package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import dev.dassie.cli.terminal.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `plan -f SPEC`, `plan branch REPO@BRANCH --head COMMIT`, `plan merge REPO@FROM --into
/// REPO@BRANCH`: what would run. Ends with 0 where nothing would, with 10 where something would or
/// may.
public final class Plan implements Action {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("PIPELINE", "pipeline"),
          Column.of("RUN", (item, view) -> count(item, "run")),
          Column.of("REUSED", (item, view) -> count(item, "reused")),
          Column.of("REMOVED", (item, view) -> count(item, "removed")),
          Column.of("TIME", (item, view) -> time(item)),
          Column.of("WHY", (item, view) -> why(item)));

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final SpecFiles files = new SpecFiles();

  @Parameters(
      arity = "0..2",
      paramLabel = "branch|merge REPO@BRANCH",
      description = "A move of a branch, or a merge, instead of specs.")
  private List<String> what = new ArrayList<>();

  @Option(names = "--head", paramLabel = "COMMIT", description = "Where the branch would move.")
  private Optional<String> head = Optional.empty();

  @Option(names = "--into", paramLabel = "REPO@BRANCH", description = "What would take the merge.")
  private Optional<String> into = Optional.empty();

  @Option(names = "--ours", description = "Decide conflicts of the merge for the branch.")
  private boolean ours;

  @Option(names = "--theirs", description = "Decide conflicts for what is merged.")
  private boolean theirs;

  @Option(names = "--reprocess", description = "As if every datum were to run again.")
  private boolean reprocess;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<Request> requests = new ArrayList<>();
    if (files.given() && what.isEmpty()) {
      for (Specs.Spec spec : files.read(session)) {
        requests.add(
            Request.post(scope.url() + "/plan/pipelines")
                .flag("reprocess", reprocess)
                .json(Specs.body(session, scope, spec)));
      }
    } else {
      requests.add(request());
    }
    boolean work = false;
    for (Request request : requests) {
      JsonNode plan = session.api().json(request.within(LONG));
      show(session, plan);
      work |= plan.path("work").asBoolean(false);
    }
    return work ? Exit.WORK : Exit.OK;
  }

  private Request request() {
    boolean two = what.size() == 2 && !files.given();
    if (two && what.getFirst().equals("branch") && head.isPresent()) {
      Address branch = scope.address(what.getLast());
      ObjectNode body = Json.object().put("head", head.get());
      return Request.post(url(branch) + "/plan").json(body);
    }
    if (two && what.getFirst().equals("merge") && into.isPresent() && !(ours && theirs)) {
      Address from = scope.address(what.getLast());
      Address to =
          into.get().contains("@") ? scope.address(into.get()) : from.withCommit(into.get());
      ObjectNode body =
          Json.object()
              .put(
                  "from",
                  to.repoUrl().equals(from.repoUrl()) ? from.commitOrDefault() : what.getLast());
      if (ours || theirs) {
        body.put("prefer", ours ? "ours" : "theirs");
      }
      return Request.post(url(to) + "/plan-merge").json(body);
    }
    throw Problem.of(
            Problem.INVALID,
            "Nothing says what to plan.",
            Optional.of(
                "`plan -f SPEC`, `plan branch REPO@BRANCH --head COMMIT` or `plan merge REPO@FROM"
                    + " --into REPO@BRANCH`."))
        .asException();
  }

  private static String url(Address branch) {
    return branch.repoUrl()
        + "/branches/"
        + dev.dassie.api.Percent.encode(branch.commitOrDefault());
  }

  private void show(Session session, JsonNode plan) throws IOException {
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(plan, List.of());
      return;
    }
    if (!plan.path("pipelines").isEmpty()) {
      Table table = new Table(COLUMNS, shape.view(), session.terminal().out());
      plan.path("pipelines").forEach(table::add);
      table.end();
    }
    plan.path("idle")
        .forEach(name ->
            session.say("`%s` would have no data to run on yet.".formatted(name.asString(""))));
    if (!plan.path("work").asBoolean(false)) {
      session.print("Nothing would run.");
    }
  }

  private static String count(JsonNode item, String key) {
    if (item.path("known").asBoolean(false)) {
      return Cells.text(item, "datums." + key);
    }
    String most = Cells.text(item, "at_most");
    return key.equals("run") && !most.isEmpty() ? "at most " + most : "unknown";
  }

  private static String time(JsonNode item) {
    String time = Cells.duration(item, "estimate_ms");
    return time.isEmpty() ? "unknown" : time;
  }

  private static String why(JsonNode item) {
    String problem = Cells.text(item, "problem");
    if (!problem.isEmpty()) {
      return "would fail: " + problem;
    }
    if (!item.path("known").asBoolean(false)) {
      return "reads what would be made anew; %s now"
          .formatted(Cells.counted(item.path("datums_now").asLong(0), "datum"));
    }
    JsonNode changes = item.path("changes");
    if (!changes.isEmpty()) {
      String more = changes.size() > 1 ? " And %d more.".formatted(changes.size() - 1) : "";
      return Cells.text(changes.path(0), "sentence") + more;
    }
    return Cells.text(item, "compared_with").isEmpty() ? "first run" : "";
  }
}
