package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.RunContext;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.version.Names;
import dev.dassie.version.Page;
import dev.dassie.version.Project;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Jobs, and one job.
final class JobPages {
  private static final int JOBS = 50;
  private static final int DATUMS = 100;
  private static final int FAILED = 10;
  private static final int SLOWEST = 20;
  private static final int PROJECTS = 100;
  private static final String ONE = "/jobs/{project}/{pipeline}/{job}";

  private final Dassie dassie;
  private final Screen screen;

  JobPages(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/jobs", this::list, "project", "pipeline", "state", "after"),
        screen.get(ONE, this::show, "state", "after"),
        screen.post(ONE + "/stop", this::stop));
  }

  private void list(Exchange exchange) {
    String project = exchange.text("project").orElse(RepoName.DEFAULT_PROJECT);
    Optional<Job.State> state = JobNames.state(exchange, Job.State.values());
    Optional<String> pipeline =
        exchange.text("pipeline").map(name -> Names.check("pipeline", name));
    Page<Job> jobs =
        dassie
            .jobs()
            .list(
                dassie.versions().project(project).name(),
                pipeline,
                state,
                Screen.kept(exchange, "after"),
                JOBS);
    Map<String, String> filters = new LinkedHashMap<>();
    filters.put("project", project.equals(RepoName.DEFAULT_PROJECT) ? "" : project);
    filters.put("pipeline", pipeline.orElse(""));
    filters.put("state", state.map(Job.State::word).orElse(""));
    screen.show(
        exchange,
        "jobs",
        screen.frame("Jobs", "jobs", true, "Jobs"),
        Map.of(
            "jobs", jobs.items(),
            "filters", filters,
            "projects",
                dassie.versions().projects("", PROJECTS).items().stream()
                    .map(Project::name)
                    .toList(),
            "first", Screen.kept(exchange, "after").isEmpty(),
            "next", jobs.next()));
  }

  private void show(Exchange exchange) {
    Job job = dassie.jobs().inspect(JobNames.of(exchange, dassie.versions()));
    Optional<DatumView.State> state = JobNames.state(exchange, DatumView.State.values());
    String after = Screen.kept(exchange, "after");
    Page<DatumView> datums = dassie.jobs().datums(job.name(), state, after, DATUMS);
    boolean first = after.isEmpty() && state.isEmpty();
    Answer answer = dassie.reasons().job(job.name());
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("job", job);
    parameters.put("answer", answer);
    parameters.put("datums", datums.items());
    parameters.put(
        "failed", first && job.datums().failed() < job.datums().total() ? failed(job) : List.of());
    parameters.put("gantt", first ? gantt(job) : Optional.empty());
    parameters.put("context", first ? job.context().map(this::context) : Optional.empty());
    parameters.put("state", state.map(DatumView.State::word).orElse(""));
    parameters.put("first", after.isEmpty());
    parameters.put("next", datums.next());
    screen.show(
        exchange,
        "job",
        screen.frame(
            job.name().toString(),
            "jobs",
            !job.state().ended(),
            "Jobs",
            "/jobs",
            job.name().pipeline(),
            Links.pipeline(job.name().project(), job.name().pipeline()),
            Say.brief(job.name().id().value())),
        parameters);
  }

  private RunContext context(dev.dassie.content.Digest digest) {
    return dassie.jobs().reader().context(digest);
  }

  private List<DatumView> failed(Job job) {
    return job.datums().failed() == 0
        ? List.of()
        : dassie.jobs().datums(job.name(), Optional.of(DatumView.State.FAILED), "", FAILED).items();
  }

  /// When the slowest ran and the first that failed; nothing where none has run.
  private Optional<Gantt> gantt(Job job) {
    return job.times()
        .started()
        .flatMap(start -> Gantt.of(job, dassie.jobs().slowest(job.name(), SLOWEST), failed(job)));
  }

  private void stop(Exchange exchange) throws IOException {
    Job job = dassie.jobs().stop(exchange.call(), JobNames.of(exchange, dassie.versions()));
    exchange.drain();
    exchange.redirect(Links.job(job.name()));
  }
}
