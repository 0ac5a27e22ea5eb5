package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.RunContext;
import dev.dassie.lineage.Lineage;
import dev.dassie.lineage.Step;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Why a file is there.
final class WhyResource {
  private final Versions versions;
  private final Lineage lineage;

  WhyResource(Versions versions, Lineage lineage) {
    this.versions = versions;
    this.lineage = lineage;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                "/api/v1/projects/{project}/repos/{repo}/commits/{commit}/why",
                "get_why",
                "Where a file comes from, step by step upstream.")
            .with(Route.PATH)
            .lines("Step", this::why));
  }

  private void why(Exchange exchange) throws IOException {
    FilePath path = Place.path(exchange);
    Shown shown = Shown.open(exchange, versions);
    exchange.replyLines(lineage.why(shown.view().commit(), path), WhyResource::step);
  }

  private static JsonNode step(Step step) {
    Step.Place place = step.file();
    ObjectNode json = Json.object().put("depth", step.depth());
    json.set(
        "file",
        VersionJson.name(place.commit().repo())
            .put("commit", place.commit().id().value())
            .put("branch", place.branch())
            .put("path", JobJson.path(place.path(), place.directory()))
            .put("hash", place.hash().toString())
            .put("size_bytes", place.size()));
    json.set("made_by", madeBy(step.made()));
    return json;
  }

  private static ObjectNode madeBy(Step.Made made) {
    return switch (made) {
      case Step.ByDatum datum -> datum(datum);
      case Step.ByPut put ->
          Json.object()
              .put("kind", "put")
              .put("commit", put.commit().id().value())
              .put("author", put.author())
              .put("message", put.message())
              .put("at", put.at().toString());
      case Step.OfFiles files -> Json.object().put("kind", "files").put("files", files.files());
      case Step.Cut cut -> Json.object().put("kind", "cut").put("reason", cut.sentence());
    };
  }

  private static ObjectNode datum(Step.ByDatum datum) {
    RunContext context = datum.context();
    ObjectNode json =
        Json.object()
            .put("kind", "datum")
            .put("project", datum.job().project())
            .put("pipeline", datum.job().pipeline())
            .put("job", datum.job().id().value())
            .put("datum", datum.datum())
            .put("key", datum.key().toString());
    JobJson.tries(json, datum.tries());
    datum.reusedFrom().ifPresent(job -> json.put("reused_from", job.toString()));
    if (context.isTrial()) {
      json.put("tried_by", context.author());
    }
    json.put("executor", context.executor())
        .put("sandbox", context.sandbox())
        .put("network", context.network());
    json.set("environment", JobJson.texts(context.environment().facts()));
    json.set("exposed", JobJson.texts(context.environment().exposed()));
    json.set("cmd", JobJson.texts(context.cmd()));
    json.set("stdin", JobJson.texts(context.stdin()));
    json.set("parameters", VersionJson.map(context.env()));
    json.set("code", code(datum.code()));
    json.set("inputs", JobJson.inputs(datum.inputs()));
    return json;
  }

  private static ObjectNode code(Step.Code code) {
    ObjectNode json =
        VersionJson.name(code.spec().repo())
            .put("commit", code.spec().id().value())
            .put("path", code.path().map(FilePath::toString).orElse(null))
            .put("author", code.author())
            .put("created", code.created().map(Object::toString).orElse(null));
    code.facts().flatMap(WhyResource::facts).ifPresent(json::setAll);
    return json;
  }

  /// What was stored about git, if it can be read.
  private static Optional<ObjectNode> facts(String text) {
    try {
      ObjectNode json = Json.object();
      JsonNode facts = Json.parse(text);
      @Nullable String commit = facts.path("git_commit").asString("");
      if (commit != null && !commit.isEmpty()) {
        json.put("git_commit", commit).put("git_dirty", facts.path("git_dirty").asBoolean(false));
      }
      return Optional.of(json);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
