package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.Queue;
import dev.dassie.version.CommitId;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Jobs and their datums.
final class JobsResource {
  private static final String PROJECT = "/api/v1/projects/{project}";
  private static final String ONE = PROJECT + "/pipelines/{name}/jobs/{job}";

  private final Versions versions;
  private final Jobs jobs;
  private final Queue queue;
  private final Waits waits;

  JobsResource(Versions versions, Jobs jobs, Queue queue, Waits waits) {
    this.queue = queue;
    this.versions = versions;
    this.jobs = jobs;
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/queue", "list_queue", "The jobs that wait or run, in their order.")
            .list(
                "QueueItem",
                exchange ->
                    exchange.replyAll(queue.items(), item -> item.name().key(), JobJson::queued)),
        Route.post(
                ONE + "/datums/{datum}/restart",
                "restart_datum",
                "Ends the run of a datum that runs now and runs it again.")
            .json(
                "Datum",
                exchange ->
                    exchange.reply(
                        JobJson.datum(jobs.restart(name(exchange), exchange.path("datum"))))),
        Route.get(PROJECT + "/jobs", "list_jobs", "The jobs of a project, newest first.")
            .text("pipeline", "Only those of this pipeline.")
            .text("state", "Only those in this state, e.g. `running`.")
            .list("Job", this::list),
        Route.get(ONE, "get_job", "One job; a branch of the output means its newest.")
            .json("Job", exchange -> exchange.reply(JobJson.job(jobs.inspect(name(exchange))))),
        Route.post(ONE + "/stop", "stop_job", "Stops a job that waits or runs.")
            .json(
                "Job",
                exchange ->
                    exchange.reply(JobJson.job(jobs.stop(exchange.call(), name(exchange))))),
        Route.get(ONE + "/wait", "wait_job", "Waits until a job has ended.")
            .number("timeout", "Seconds to wait at most, 0 to 600; 600 unless given.")
            .json("Job", this::await),
        Route.get(ONE + "/datums", "list_datums", "The datums of a job, in their order.")
            .text("state", "Only those in this state, e.g. `failed`.")
            .list("Datum", this::datums),
        Route.get(ONE + "/datums/{datum}", "get_datum", "One datum, by its id or 8 digits of it.")
            .json(
                "Datum",
                exchange ->
                    exchange.reply(
                        JobJson.datum(jobs.datum(name(exchange), exchange.path("datum"))))));
  }

  private void list(Exchange exchange) throws IOException {
    String project = versions.project(Place.project(exchange)).name();
    Optional<String> pipeline = exchange.text("pipeline");
    pipeline.ifPresent(name -> Names.check("pipeline", name));
    Optional<Job.State> state = state(exchange, Job.State.values(), Job.State::word);
    exchange.replyPages(
        (cursor, limit) -> jobs.list(project, pipeline, state, cursor, limit), JobJson::job);
  }

  private void datums(Exchange exchange) throws IOException {
    JobName name = name(exchange);
    Optional<DatumView.State> state =
        state(exchange, DatumView.State.values(), DatumView.State::word);
    exchange.replyPages((cursor, limit) -> jobs.datums(name, state, cursor, limit), JobJson::datum);
  }

  private void await(Exchange exchange) throws InterruptedException {
    long seconds =
        exchange.number("timeout", 0, CommitsResource.WAIT_MAX, CommitsResource.WAIT_MAX);
    JobName name = name(exchange);
    exchange.reply(JobJson.job(waits.during(() -> jobs.await(name, Duration.ofSeconds(seconds)))));
  }

  private JobName name(Exchange exchange) {
    return name(versions, exchange.path("project"), exchange.path("name"), exchange.path("job"));
  }

  /// The job that a place in the output repo means: a full id, or anything that resolves to a
  /// commit.
  static JobName name(Versions versions, String project, String pipeline, String place) {
    RepoName repo =
        new RepoName(Names.check("project", project), Names.check("pipeline", pipeline));
    CommitId id =
        Names.isCommitId(place) ? new CommitId(place) : versions.resolve(repo, place).name().id();
    return new JobName(project, pipeline, id);
  }

  private static <S> Optional<S> state(
      Exchange exchange, S[] states, java.util.function.Function<S, String> word) {
    Optional<String> wanted = exchange.text("state");
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Optional<S> found =
        Arrays.stream(states).filter(state -> word.apply(state).equals(wanted.get())).findFirst();
    if (found.isEmpty()) {
      String all = Arrays.stream(states).map(word).collect(Collectors.joining("`, `"));
      throw new Fault.Invalid("The query parameter `state`", wanted.get(), "one of `" + all + "`")
          .asException();
    }
    return found;
  }
}
