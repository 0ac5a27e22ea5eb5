package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `list datum PIPELINE@ID`, or `list datum -f SPEC`: the datums that a spec would make, with no
/// job.
public final class ListDatum implements Action {
  private static final String PAGE = "10000";

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();
  @Mixin private final SpecFiles files = new SpecFiles();

  @Parameters(arity = "0..1", paramLabel = "PIPELINE@ID", description = "The job.")
  private Optional<String> job = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "success, skipped, failed or recovered.")
  private Optional<String> state = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Listing listing = new Listing(session, shape);
    if (files.given()) {
      return preview(session, listing);
    }
    String typed =
        job.orElseThrow(() ->
            Problem.invalid("`list datum` needs `PIPELINE@ID`, or `-f SPEC` for a preview.")
                .asException());
    Request request =
        Request.get(JobName.parse(typed, scope).url() + "/datums").with("state", state);
    listing.list(request, paging, Columns.DATUMS);
    return Exit.OK;
  }

  /// The datums that a spec would make, with what a job would do with each, and how many files of
  /// each input are in none.
  private int preview(Session session, Listing listing) throws IOException, InterruptedException {
    List<Specs.Spec> specs = files.read(session);
    if (specs.size() != 1) {
      throw Problem.invalid("`list datum` has %d specs, expected one.".formatted(specs.size()))
          .asException();
    }
    Specs.Spec spec = specs.getFirst();
    Request first =
        Request.post("/specs/datums")
            .with("project", scope.project())
            .upload(Upload.text("application/" + spec.format(), spec.text()));
    ObjectNode reply = Json.object();
    ArrayNode items = reply.putArray("items");
    JsonNode page =
        session.api().json(paging.onePage() ? paging.on(first) : first.with("limit", PAGE));
    page.path("items").forEach(items::add);
    while (!paging.onePage() && page.path("next").isString()) {
      page =
          session
              .api()
              .json(first.with("limit", PAGE).with("cursor", page.path("next").stringValue()));
      page.path("items").forEach(items::add);
    }
    reply.set("next", page.path("next"));
    reply.set("unmatched", page.path("unmatched"));
    reply.set("arms", page.path("arms"));
    Optional<Shape.Format> format = shape.format();
    if (format.isPresent() && format.get() != Shape.Format.JSONL) {
      listing.object(reply, Columns.PREVIEW);
      return Exit.OK;
    }
    listing.items(items, Columns.PREVIEW);
    for (JsonNode arm : page.path("arms")) {
      if (leavesSomeOut(arm)) {
        session.say(arm(arm));
      }
    }
    return Exit.OK;
  }

  private static boolean leavesSomeOut(JsonNode arm) {
    return arm.path("alone").asLong(0) > 0
        || arm.path("unmatched").asLong(0) > 0
        || arm.path("matches").asLong(0) == 0;
  }

  /// What an arm found: matches, those without a partner, and files that its glob passes by.
  private static String arm(JsonNode arm) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Input `%s` (`%s`): %s%s"
            .formatted(
                Cells.text(arm, "name"),
                Cells.text(arm, "glob"),
                arm.path("exact").asBoolean(true) ? "" : "at least ",
                counted(arm.path("matches").asLong(0), "match", "matches")));
    long alone = arm.path("alone").asLong(0);
    if (alone > 0) {
      List<String> examples = new ArrayList<>();
      for (JsonNode one : arm.path("examples")) {
        String key = Cells.text(one, one.has("join_key") ? "join_key" : "group_key");
        examples.add("%s (key `%s`)".formatted(Cells.text(one, "path"), key));
      }
      text.append(
          ", %d without a partner: %s%s"
              .formatted(alone, String.join(", ", examples), alone > examples.size() ? ", …" : ""));
    }
    long passed = arm.path("unmatched").asLong(0);
    if (passed > 0) {
      text.append(", ").append(counted(passed, "file", "files")).append(" in no match");
    }
    return text.append(".").toString();
  }

  private static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
