package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.job.Executor;
import dev.dassie.job.Job;
import dev.dassie.job.Jobs;
import dev.dassie.job.standing.Standing;
import dev.dassie.job.standing.Status;
import dev.dassie.pipeline.Crons;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.server.spec.NormalForm;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Pipelines.
final class PipelinesResource {
  private static final String ALL = "/api/v1/projects/{project}/pipelines";
  private static final String ONE = ALL + "/{name}";

  private final Versions versions;
  private final Pipelines pipelines;
  private final Crons crons;
  private final Jobs jobs;
  private final Uploads uploads;
  private final Standing standing;
  private final PipelineDrafts drafts;
  private final Executor executor;

  PipelinesResource(
      Versions versions,
      Pipelines pipelines,
      Crons crons,
      Jobs jobs,
      Standing standing,
      Executor executor,
      Uploads uploads) {
    this.executor = executor;
    this.standing = standing;
    this.versions = versions;
    this.pipelines = pipelines;
    this.crons = crons;
    this.jobs = jobs;
    this.uploads = uploads;
    this.drafts = new PipelineDrafts(uploads);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/pipelines", "list_all_pipelines", "The pipelines of all projects.")
            .list("Pipeline", exchange -> list(exchange, Optional.empty())),
        Route.get(ALL, "list_pipelines", "The pipelines of a project, by name.")
            .list(
                "Pipeline",
                exchange ->
                    list(exchange, Optional.of(versions.project(Place.project(exchange)).name()))),
        Route.post(ALL, "create_pipelines", "Makes the pipelines of a spec, all or none.")
            .flag("update", "Makes a new version of those that are there.")
            .flag("reprocess", "With `update`: computes everything anew.")
            .taking(Route.Body.json("NewPipelines"))
            .json("Pipelines", this::create),
        Route.get(ONE, "get_pipeline", "One pipeline.")
            .json(
                "Pipeline",
                exchange ->
                    exchange.reply(json(pipelines.inspect(project(exchange), name(exchange))))),
        Route.delete(ONE, "delete_pipeline", "Deletes a pipeline that no other reads.")
            .flag("keep_output", "Keeps what it computed, as a repo of users' data.")
            .nothing(this::delete),
        Route.post(ONE + "/stop", "stop_pipeline", "New data starts no jobs any more.")
            .json(
                "Pipeline",
                exchange ->
                    exchange.reply(
                        json(pipelines.stop(exchange.call(), project(exchange), name(exchange))))),
        Route.post(ONE + "/cron", "run_cron", "Makes one tick of every cron input now.")
            .json("Ticks", this::runCron),
        Route.post(ONE + "/rerun", "rerun_pipeline", "Makes the same version anew, with a job.")
            .flag("reprocess", "Computes everything anew, not only what failed.")
            .json(
                "Pipeline",
                exchange ->
                    exchange.reply(
                        json(
                            pipelines.rerun(
                                exchange.call(),
                                project(exchange),
                                name(exchange),
                                exchange.flag("reprocess"))))),
        Route.post(ONE + "/source", "offer_source", "Offers its source for a new version.")
            .json("Uploaded", this::offer),
        Route.post(ONE + "/start", "start_pipeline", "Starts jobs again, one at once.")
            .json(
                "Pipeline",
                exchange ->
                    exchange.reply(
                        json(
                            pipelines.start(exchange.call(), project(exchange), name(exchange))))));
  }

  private static String project(Exchange exchange) {
    return Place.project(exchange);
  }

  private static String name(Exchange exchange) {
    return Names.check("pipeline", exchange.path("name"));
  }

  private void list(Exchange exchange, Optional<String> project) throws IOException {
    exchange.replyPages((cursor, limit) -> pipelines.list(project, cursor, limit), this::json);
  }

  private void create(Exchange exchange) throws IOException {
    boolean update = exchange.flag("update");
    boolean reprocess = exchange.flag("reprocess");
    if (reprocess && !update) {
      throw new Fault.Invalid("The query", "reprocess", "`update` beside it").asException();
    }
    Fields body = exchange.json().only("spec", "format", "sources");
    List<Draft> drafts = this.drafts.read(body, project(exchange));
    List<Pipeline> made =
        update
            ? pipelines.update(exchange.call(), drafts, reprocess)
            : pipelines.create(exchange.call(), drafts);
    ObjectNode reply = Json.object();
    ArrayNode items = reply.putArray("items");
    made.forEach(pipeline -> items.add(json(pipeline)));
    exchange.reply(reply);
  }

  private void offer(Exchange exchange) {
    CommitName spec = pipelines.inspect(project(exchange), name(exchange)).specCommit();
    Entry.Directory source =
        pipelines
            .source(spec)
            .orElseThrow(() ->
                new Fault.NotFound("source of a pipeline", name(exchange), Optional.empty())
                    .asException());
    exchange.reply(uploads.offer(source, pipelines.sourceFacts(spec)));
  }

  private void runCron(Exchange exchange) throws IOException {
    VersionJson json = new VersionJson(versions);
    ObjectNode reply = Json.object();
    ArrayNode items = reply.putArray("items");
    crons
        .run(exchange.call(), project(exchange), name(exchange))
        .forEach(commit -> items.add(json.commit(commit)));
    exchange.reply(reply);
  }

  private void delete(Exchange exchange) {
    pipelines.delete(
        exchange.call(), project(exchange), name(exchange), exchange.flag("keep_output"));
    exchange.replyNothing();
  }

  private ObjectNode json(Pipeline pipeline) {
    PipelineSpec spec = pipeline.spec();
    Optional<Job> last =
        jobs
            .list(spec.project(), Optional.of(spec.name()), Optional.empty(), "", 1)
            .items()
            .stream()
            .findFirst();
    Optional<Status> process = standing.status(spec.repo());
    Optional<String> trouble =
        process
            .filter(status -> status.state() == Status.State.WAITING)
            .map(Status::reason)
            .or(() ->
                last.filter(job ->
                        job.state() == Job.State.FAILED || job.state() == Job.State.UNRUNNABLE)
                    .map(Job::reason));
    boolean failing = trouble.isPresent();
    String state =
        pipeline.state() == Pipeline.State.STOPPED ? "stopped" : failing ? "failing" : "running";
    ObjectNode json =
        Json.object()
            .put("project", spec.project())
            .put("name", spec.name())
            .put("version", pipeline.version())
            .put("state", state)
            .put("reason", trouble.orElse(null))
            .put("description", spec.description())
            .put("created", pipeline.created().toString())
            .put("updated", pipeline.updated().toString())
            .put("author", pipeline.author());
    json.set("spec", NormalForm.of(spec));
    json.put("spec_text", pipelines.text(pipeline.specCommit()))
        .put("spec_commit", pipeline.specCommit().id().value())
        .put("output_branch", spec.outputBranch());
    ArrayNode inputs = json.putArray("input_branches");
    for (BranchName branch : spec.input().branches()) {
      inputs.add(VersionJson.name(branch.repo()).put("branch", branch.branch()));
    }
    clocks(json, pipeline);
    last.ifPresentOrElse(
        job ->
            json.putObject("last_job")
                .put("id", job.name().id().value())
                .put("state", job.state().word()),
        () -> json.putNull("last_job"));
    process.ifPresent(status -> json.set("process", process(status)));
    json.set("unused", JobJson.texts(Unused.of(spec, executor)));
    json.set("notes", JobJson.texts(executor.notes(spec.resources())));
    return json;
  }

  /// The cron inputs, where there are any.
  private void clocks(ObjectNode json, Pipeline pipeline) {
    for (Crons.Clock clock : crons.clocks(pipeline)) {
      RepoName repo = clock.input().branch().repo();
      clock
          .input()
          .starts()
          .cron()
          .ifPresent(cron ->
              json.withArray("clocks")
                  .add(
                      VersionJson.name(repo)
                          .put("name", clock.input().name())
                          .put("spec", cron.schedule().text())
                          .put("last", clock.last().toString())
                          .put("next", clock.next().map(Instant::toString).orElse(null))));
    }
  }

  private static ObjectNode process(Status status) {
    ObjectNode json =
        Json.object()
            .put("state", status.state().word())
            .put("since", status.since().toString())
            .put("restarts", status.restarts())
            .put("reason", status.reason().isEmpty() ? null : status.reason())
            .put("port", status.port().orElse(null));
    ArrayNode shows = json.putArray("shows");
    for (Commit.Source source : status.shows()) {
      shows.add(
          VersionJson.name(source.commit().repo())
              .put("branch", source.branch())
              .put("id", source.commit().id().value()));
    }
    return json;
  }
}
