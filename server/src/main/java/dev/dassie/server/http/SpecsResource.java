package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Hash;
import dev.dassie.job.Executor;
import dev.dassie.job.Previews;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.server.jsonnet.Renderer;
import dev.dassie.server.jsonnet.Template;
import dev.dassie.server.spec.ParsedSpec;
import dev.dassie.server.spec.SpecReader;
import dev.dassie.server.spec.SpecSchema;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Specs before they are pipelines.
final class SpecsResource {
  private final Pipelines pipelines;
  private final Previews previews;
  private final Executor executor;
  private final Renderer renderer = new Renderer();

  SpecsResource(Pipelines pipelines, Previews previews, Executor executor) {
    this.executor = executor;
    this.pipelines = pipelines;
    this.previews = previews;
  }

  List<Route> routes() {
    Route.Body spec = new Route.Body("application/yaml", "", true);
    String project = "The project of specs that name none; `default` unless given.";
    return List.of(
        Route.get("/api/v1/schema/pipeline", "get_spec_schema", "The JSON Schema of a spec.")
            .json("Any", exchange -> exchange.reply(SpecSchema.document())),
        Route.post("/api/v1/specs/render", "render_template", "Makes specs of a Jsonnet template.")
            .taking(Route.Body.json("Template"))
            .json("Rendered", this::render),
        Route.post("/api/v1/specs/validate", "validate_specs", "Checks one or more specs.")
            .text("project", project)
            .taking(spec)
            .json("Validation", this::validate),
        Route.post("/api/v1/specs/datums", "preview_datums", "The datums that a spec would have.")
            .text("project", project)
            .with(Route.LIMIT, Route.CURSOR)
            .taking(spec)
            .json("Preview", this::preview));
  }

  private void render(Exchange exchange) throws IOException {
    Fields body = exchange.json().only("name", "template", "arguments", "files");
    Template template =
        new Template(
            body.text("name").orElse("template"),
            body.required("template"),
            body.map("arguments"),
            body.map("files"));
    exchange.reply(Json.object().put("spec", renderer.render(template)));
  }

  private static List<ParsedSpec> specs(Exchange exchange) throws IOException {
    return SpecReader.read(
        exchange.document(), exchange.text("project").orElse(RepoName.DEFAULT_PROJECT));
  }

  private void validate(Exchange exchange) throws IOException {
    ObjectNode reply = Json.object();
    ArrayNode list = reply.putArray("pipelines");
    for (ParsedSpec parsed : specs(exchange)) {
      PipelineSpec spec = parsed.spec();
      ObjectNode item = list.addObject().put("project", spec.project()).put("name", spec.name());
      spec.transform().source().ifPresent(source -> item.put("source", source));
      item.set("unused", JobJson.texts(Unused.of(spec, executor)));
      item.set("notes", JobJson.texts(notes(parsed)));
    }
    exchange.reply(reply);
  }

  /// Without the sentences that say of a field of `unused` that it is not used.
  private List<String> notes(ParsedSpec parsed) {
    Stream<String> spec =
        parsed.notes().stream()
            .filter(note ->
                parsed.spec().unused().stream()
                    .noneMatch(field -> note.startsWith("`" + field + "`")));
    return Stream.concat(spec, executor.notes(parsed.spec().resources()).stream()).toList();
  }

  private void preview(Exchange exchange) throws IOException {
    List<ParsedSpec> specs = specs(exchange);
    if (specs.size() != 1) {
      throw new Fault.Invalid("The body", specs.size() + " specs", "one spec").asException();
    }
    PipelineSpec spec = specs.getFirst().spec();
    // The code of the newest version stands in for the one that was not uploaded.
    Optional<Hash> source =
        spec.transform()
            .source()
            .flatMap(named -> pipelines.find(spec.project(), spec.name()))
            .flatMap(pipeline -> pipelines.source(pipeline.specCommit()))
            .map(Entry.Directory::hash);
    ObjectNode reply = Json.object();
    try (Previews.Preview preview = previews.of(spec, source)) {
      String next = datums(exchange, preview.datums(), reply.putArray("items"));
      reply.put("next", JobJson.orNull(next));
      ObjectNode unmatched = reply.putObject("unmatched");
      ArrayNode arms = reply.putArray("arms");
      for (Datums.Unmatched arm : preview.arms()) {
        if (arm.files() > 0) {
          unmatched.put(arm.name(), arm.files());
        }
        arms.add(JobJson.arm(arm));
      }
    }
    exchange.reply(reply);
  }

  /// Adds a page of datums and returns the cursor behind it; its place is the number of datums
  /// before.
  private static String datums(Exchange exchange, Iterator<Previews.Item> all, ArrayNode items) {
    int limit = exchange.limit();
    String place = Page.decode(exchange.text("cursor").orElse(""));
    long skipped = place.isEmpty() ? 0 : Long.parseLong(place);
    for (long i = 0; i < skipped && all.hasNext(); i++) {
      Previews.Item _ = all.next();
    }
    while (items.size() < limit && all.hasNext()) {
      items.add(JobJson.preview(all.next()));
    }
    return all.hasNext() ? Page.encode(Long.toString(skipped + items.size())) : "";
  }
}
