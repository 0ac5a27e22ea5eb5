package dev.dassie.server.http;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.LogLine;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// What the code of datums wrote.
final class LogsResource {
  private static final int TAIL_MAX = 100_000;

  private final Versions versions;
  private final Jobs jobs;
  private final ProcessLogs processes;
  private final Waits waits;

  LogsResource(Versions versions, Jobs jobs, ProcessLogs processes, Waits waits) {
    this.processes = processes;
    this.versions = versions;
    this.jobs = jobs;
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/projects/{project}/logs", "get_logs", "Lines that datums wrote.")
            .text("pipeline", "Of the newest job of this pipeline that has started.")
            .text("job", "Of this job; without `pipeline` of all jobs of that commit set.")
            .text("datum", "Of this datum: its id, or the beginning of it.")
            .text("since", "Of tries that began then or later (RFC 3339).")
            .number("tail", "Only the last lines, so many.")
            .flag("follow", "Whether to go on as datums end, also of later jobs of a pipeline.")
            .lines("LogLine", this::read));
  }

  private void read(Exchange exchange) throws IOException, InterruptedException {
    String project = versions.project(Place.project(exchange)).name();
    Optional<String> pipeline = exchange.text("pipeline");
    Optional<String> job = exchange.text("job");
    if (pipeline.isEmpty() && job.isEmpty()) {
      throw new Fault.Invalid("The query", "", "`pipeline=NAME`, `job=ID` or both").asException();
    }
    pipeline.ifPresent(name -> {
      RepoName _ = versions.repo(new RepoName(project, name)).name();
    });
    Optional<Integer> tail =
        exchange.text("tail").map(text -> (int) exchange.number("tail", 0, TAIL_MAX, 0));
    Optional<Instant> since = exchange.text("since").map(LogsResource::time);
    Optional<RepoName> stays =
        pipeline
            .filter(name -> job.isEmpty())
            .map(name -> new RepoName(project, name))
            .filter(processes::has);
    if (stays.isPresent()) {
      Lines lines = exchange.lines();
      processes.send(
          new ProcessLogs.Query(stays.get(), since, tail),
          exchange.flag("follow") && !exchange.isHead(),
          lines);
      lines.end();
      return;
    }
    List<LogLine.Query> queries = new ArrayList<>();
    for (Optional<JobName> name : names(project, pipeline, job)) {
      queries.add(
          new LogLine.Query(
              project,
              pipeline.or(() -> name.map(JobName::pipeline)).orElse(""),
              name,
              exchange.text("datum"),
              since,
              tail));
    }
    Lines lines = exchange.lines();
    if (exchange.flag("follow") && !exchange.isHead()) {
      new LogFollower(versions, jobs, waits, lines).follow(queries);
    } else {
      all(queries, lines);
    }
    lines.end();
  }

  private void all(List<LogLine.Query> queries, Lines lines) throws IOException {
    try {
      for (LogLine.Query query : queries) {
        Iterator<LogLine> found = jobs.logs(query);
        while (found.hasNext()) {
          lines.send(JobJson.line(found.next()));
        }
      }
    } catch (DassieException e) {
      lines.fail(e);
    }
  }

  /// The jobs that are meant; an absent one stands for the newest of the pipeline.
  private List<Optional<JobName>> names(
      String project, Optional<String> pipeline, Optional<String> job) {
    if (job.isEmpty()) {
      return List.of(Optional.empty());
    }
    if (pipeline.isPresent()) {
      JobName name = JobsResource.name(versions, project, pipeline.get(), job.get());
      Job _ = jobs.inspect(name);
      return List.of(Optional.of(name));
    }
    List<Optional<JobName>> names = new ArrayList<>();
    for (Commit commit : versions.set(new CommitId(job.get()))) {
      RepoName repo = commit.name().repo();
      if (repo.project().equals(project)
          && repo.type() == RepoName.Type.USER
          && !commit.provenance().isEmpty()) {
        JobName name = new JobName(project, repo.name(), commit.name().id());
        if (isJob(name)) {
          names.add(Optional.of(name));
        }
      }
    }
    if (names.isEmpty()) {
      throw new Fault.NotFound("job", job.get(), Optional.empty()).asException();
    }
    return names;
  }

  /// A branch may be derived without a pipeline.
  private boolean isJob(JobName name) {
    try {
      return jobs.inspect(name).name().equals(name);
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        return false;
      }
      throw e;
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Fault.Invalid(
              "The query parameter `since`", text, "a time such as `2026-11-21T10:00:00Z`")
          .asException();
    }
  }
}
