package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumView;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.LogLine;
import dev.dassie.job.Result;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.Names;
import dev.dassie.version.Page;
import dev.dassie.version.Project;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Jobs, one job, and one datum of it.
final class JobPages {
  private static final int JOBS = 50;
  private static final int DATUMS = 100;
  private static final int FAILED = 10;
  private static final int SLOWEST = 5;
  private static final int LOOKED_AT = 500;
  private static final int LINES = 2_000;
  private static final int FILES = 100;
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
        screen.post(ONE + "/stop", this::stop),
        screen.get(ONE + "/datums/{datum}", this::datum),
        screen.post(ONE + "/datums/{datum}/restart", this::restart));
  }

  private JobName name(Exchange exchange) {
    String project = Place.project(exchange);
    String pipeline = Names.check("pipeline", exchange.path("pipeline"));
    RepoName repo = new RepoName(project, pipeline);
    String place = exchange.path("job");
    return new JobName(
        project,
        pipeline,
        Names.isCommitId(place)
            ? new dev.dassie.version.CommitId(place)
            : dassie.versions().resolve(repo, place).name().id());
  }

  private static <E extends Enum<E>> Optional<E> state(Exchange exchange, E[] all) {
    Optional<String> word = exchange.text("state");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Optional<E> found =
        Arrays.stream(all).filter(one -> one.name().equalsIgnoreCase(word.get())).findFirst();
    if (found.isEmpty()) {
      String words =
          String.join(
              "`, `",
              Arrays.stream(all)
                  .map(one -> one.name().toLowerCase(java.util.Locale.ROOT))
                  .toList());
      throw new Fault.Invalid("The state", word.get(), "one of `" + words + "`").asException();
    }
    return found;
  }

  private void list(Exchange exchange) {
    String project = exchange.text("project").orElse(RepoName.DEFAULT_PROJECT);
    Optional<Job.State> state = state(exchange, Job.State.values());
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
    Job job = dassie.jobs().inspect(name(exchange));
    Optional<DatumView.State> state = state(exchange, DatumView.State.values());
    String after = Screen.kept(exchange, "after");
    Page<DatumView> datums = dassie.jobs().datums(job.name(), state, after, DATUMS);
    boolean first = after.isEmpty() && state.isEmpty();
    Answer answer = dassie.reasons().job(job.name());
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
        Map.of(
            "job",
            job,
            "answer",
            answer,
            "datums",
            datums.items(),
            "failed",
            first ? failed(job) : List.of(),
            "slowest",
            first ? slowest(job) : List.of(),
            "state",
            state.map(DatumView.State::word).orElse(""),
            "first",
            after.isEmpty(),
            "next",
            datums.next()));
  }

  private List<DatumView> failed(Job job) {
    return job.datums().failed() == 0 || job.datums().failed() == job.datums().total()
        ? List.of()
        : dassie.jobs().datums(job.name(), Optional.of(DatumView.State.FAILED), "", FAILED).items();
  }

  /// Those that took longest, of the first datums that were run for this job.
  private List<DatumView> slowest(Job job) {
    if (job.datums().total() <= SLOWEST || job.datums().total() > LOOKED_AT) {
      return List.of();
    }
    return dassie.jobs().datums(job.name(), Optional.empty(), "", LOOKED_AT).items().stream()
        .filter(datum -> datum.state() != DatumView.State.SKIPPED)
        .filter(datum -> datum.wallMicros().isPresent())
        .sorted(
            Comparator.comparingLong((DatumView datum) -> datum.wallMicros().orElse(0L)).reversed())
        .limit(SLOWEST)
        .toList();
  }

  private void stop(Exchange exchange) throws IOException {
    Job job = dassie.jobs().stop(exchange.call(), name(exchange));
    exchange.drain();
    exchange.redirect(Links.job(job.name()));
  }

  private void restart(Exchange exchange) throws IOException {
    DatumView datum = dassie.jobs().restart(name(exchange), exchange.path("datum"));
    exchange.drain();
    exchange.redirect(Links.datum(datum.job(), datum.id()));
  }

  private void datum(Exchange exchange) {
    JobName name = name(exchange);
    DatumView datum = dassie.jobs().datum(name, exchange.path("datum"));
    List<LogLine> lines = new ArrayList<>();
    Iterator<LogLine> log =
        dassie
            .jobs()
            .logs(
                new LogLine.Query(
                    name.project(),
                    name.pipeline(),
                    Optional.of(name),
                    Optional.of(datum.id()),
                    Optional.empty(),
                    Optional.of(LINES)));
    while (log.hasNext() && lines.size() < LINES) {
      lines.add(log.next());
    }
    boolean good =
        datum.state() == DatumView.State.SUCCESS || datum.state() == DatumView.State.SKIPPED;
    Optional<Result> result =
        good ? dassie.results().find(Digest.parse(datum.key())) : Optional.empty();
    screen.show(
        exchange,
        "datum",
        screen.frame(
            "Datum " + Say.brief(datum.id()),
            "jobs",
            !dassie.jobs().inspect(name).state().ended(),
            "Jobs",
            "/jobs",
            name.pipeline(),
            Links.pipeline(name.project(), name.pipeline()),
            Say.brief(name.id().value()),
            Links.job(name),
            "Datum " + Say.brief(datum.id())),
        Map.of(
            "datum",
            datum,
            "answer",
            dassie.reasons().datum(name, datum.id()),
            "lines",
            lines,
            "cut",
            lines.size() == LINES,
            "outputs",
            result.flatMap(Result::output).map(this::outputs).orElse(List.of())));
  }

  private List<Entry.File> outputs(Fileset output) {
    List<Entry.File> files = new ArrayList<>();
    Iterator<Entry.File> all =
        new Filesets(dassie.versions().chunks()).walk(output, FilePath.ROOT, Optional.empty());
    while (all.hasNext() && files.size() < FILES) {
      files.add(all.next());
    }
    return files;
  }
}
