package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.job.Forecast;
import dev.dassie.lineage.plan.Outlook;
import dev.dassie.lineage.plan.Plans;
import dev.dassie.version.BranchName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a change would make run.
final class PlanResource {
  private static final String PROJECT = "/api/v1/projects/{project}";

  private final Versions versions;
  private final Plans plans;
  private final PipelineDrafts drafts;

  PlanResource(Versions versions, Plans plans, Uploads uploads) {
    this.versions = versions;
    this.plans = plans;
    this.drafts = new PipelineDrafts(uploads);
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                PROJECT + "/plan/pipelines",
                "plan_pipelines",
                "What creating or updating pipelines would make run; changes nothing.")
            .flag("reprocess", "As if everything were to be computed anew.")
            .taking(Route.Body.json("NewPipelines"))
            .json("Plan", this::pipelines),
        Route.post(
                PROJECT + "/repos/{repo}/branches/{branch}/plan",
                "plan_branch",
                "What moving a branch to a commit would make run; changes nothing.")
            .taking(Route.Body.json("NewTag"))
            .json("Plan", this::branch),
        Route.post(
                PROJECT + "/repos/{repo}/branches/{branch}/plan-merge",
                "plan_merging",
                "What merging into a branch would make run; changes nothing.")
            .taking(Route.Body.json("NewMerge"))
            .json("Plan", this::merge));
  }

  private void pipelines(Exchange exchange) throws IOException {
    String project = versions.project(Place.project(exchange)).name();
    Fields body = exchange.json().only("spec", "format", "sources");
    exchange.reply(
        json(
            plans.pipelines(
                exchange.call(), drafts.read(body, project), exchange.flag("reprocess"))));
  }

  private void branch(Exchange exchange) throws IOException {
    BranchName name = Place.branch(exchange);
    String head = exchange.json().only("head").required("head");
    exchange.reply(
        json(
            plans.branch(
                exchange.call(),
                name,
                change -> BranchesResource.commit(change, name.repo(), head))));
  }

  private void merge(Exchange exchange) throws IOException {
    BranchName into = Place.branch(exchange);
    Fields body = exchange.json().only("from", "prefer", "resolve");
    String from = body.required("from");
    exchange.reply(
        json(
            plans.merge(
                exchange.call(),
                into,
                MergeResource.source(versions, into, from),
                from,
                MergeResource.choices(body))));
  }

  private static ObjectNode json(Outlook outlook) {
    ObjectNode json = Json.object().put("work", outlook.work());
    ArrayNode stages = json.putArray("pipelines");
    outlook.pipelines().forEach(stage -> stages.add(stage(stage)));
    json.set("idle", JobJson.texts(outlook.idle()));
    return json;
  }

  private static ObjectNode stage(Outlook.Stage stage) {
    Forecast forecast = stage.forecast();
    ObjectNode json =
        Json.object()
            .put("project", forecast.job().project())
            .put("pipeline", forecast.job().pipeline())
            .put("known", forecast.datums().isPresent());
    if (forecast.datums().isPresent()) {
      Forecast.Numbers numbers = forecast.datums().get();
      json.putObject("datums")
          .put("total", numbers.total())
          .put("run", numbers.run())
          .put("reused", numbers.reused())
          .put("removed", numbers.removed());
    } else {
      json.putNull("datums");
    }
    json.put("at_most", forecast.atMost().orElse(null))
        .put("datums_now", forecast.now())
        .put("compared_with", forecast.base().map(job -> job.name().toString()).orElse(null))
        .put("datum_ms", forecast.datum().map(Duration::toMillis).orElse(null))
        .put("side_by_side", forecast.slots())
        .put("estimate_ms", forecast.estimate().map(Duration::toMillis).orElse(null))
        .put("problem", forecast.problem().orElse(null));
    json.set("changes", ReasonJson.changes(stage.changes()));
    ArrayNode examples = json.putArray("examples");
    for (Forecast.Example example : forecast.examples()) {
      examples.addObject().put("id", example.id()).set("files", JobJson.texts(example.files()));
    }
    return json;
  }
}
