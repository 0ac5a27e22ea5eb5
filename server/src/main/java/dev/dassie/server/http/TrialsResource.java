package dev.dassie.server.http;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.JobName;
import dev.dassie.job.Trial;
import dev.dassie.job.Trials;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Code that runs beside all pipelines, for a person who looks at what comes of it. Each reply is
/// lines: a datum each, as it ends, and at last a summary. What runs ends when the client goes.
final class TrialsResource {
  private static final Duration BEAT = Duration.ofMillis(200);

  private final Versions versions;
  private final Pipelines pipelines;
  private final Trials trials;
  private final PipelineDrafts drafts;
  private final Waits waits;

  TrialsResource(
      Versions versions, Pipelines pipelines, Trials trials, Uploads uploads, Waits waits) {
    this.versions = versions;
    this.pipelines = pipelines;
    this.trials = trials;
    this.drafts = new PipelineDrafts(uploads);
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/specs/run", "run_spec", "Runs the datums of a spec beside all jobs.")
            .text("project", "The project of specs that name none; `default` unless given.")
            .taking(Route.Body.json("SpecRun"))
            .lines("TrialLine", this::spec),
        Route.post(
                "/api/v1/projects/{project}/pipelines/{name}/jobs/{job}/datums/{datum}/run",
                "run_datum",
                "Runs a datum of a job again, beside the job; nothing is recorded.")
            .lines("TrialLine", this::datum));
  }

  private void spec(Exchange exchange) throws IOException, InterruptedException {
    String project = exchange.text("project").orElse(RepoName.DEFAULT_PROJECT);
    Fields body = exchange.json().only("spec", "format", "sources", "before", "sample", "pipeline");
    Optional<String> wanted = body.text("pipeline");
    Trials.Version now = version(one(drafts.read(body, project), wanted));
    long most = body.number("sample").orElse(Long.MAX_VALUE);
    if (most < 1) {
      throw new Fault.Invalid("The field `sample`", Long.toString(most), "at least 1")
          .asException();
    }
    Optional<Trials.Version> before =
        body.has("before") ? before(body.object("before"), project, wanted) : recorded(now.spec());
    String author = exchange.call().principal();
    try (Trial trial = trials.run(new Trials.Request(now, before, most, author))) {
      tell(exchange, trial);
    }
  }

  private static Draft one(List<Draft> all, Optional<String> wanted) {
    List<Draft> found =
        all.stream()
            .filter(draft -> wanted.isEmpty() || draft.spec().name().equals(wanted.get()))
            .toList();
    if (found.size() != 1) {
      List<String> names = all.stream().map(draft -> draft.spec().name()).toList();
      throw new Fault.Invalid(
              "The pipeline to run",
              wanted.orElse(""),
              "one of `%s`".formatted(String.join("`, `", names)))
          .asException();
    }
    return found.getFirst();
  }

  private Trials.Version version(Draft draft) {
    PipelineSpec spec = pipelines.salted(draft.spec());
    Optional<Entry.Directory> source =
        draft.source().map(new Filesets(versions.chunks())::rootDirectory);
    return new Trials.Version(spec, source);
  }

  /// The code that ran before; none where its upload is gone, for example with an older server.
  private Optional<Trials.Version> before(Fields body, String project, Optional<String> wanted) {
    try {
      return Optional.of(
          version(one(drafts.read(body.only("spec", "format", "sources"), project), wanted)));
    } catch (DassieException e) {
      return Optional.empty();
    }
  }

  /// The code of the pipeline as it is.
  private Optional<Trials.Version> recorded(PipelineSpec spec) {
    Optional<Pipeline> pipeline = pipelines.find(spec.project(), spec.name());
    return pipeline.map(
        found -> new Trials.Version(found.spec(), pipelines.source(found.specCommit())));
  }

  private void datum(Exchange exchange) throws IOException, InterruptedException {
    JobName job =
        JobsResource.name(
            versions, exchange.path("project"), exchange.path("name"), exchange.path("job"));
    String author = exchange.call().principal();
    try (Trial trial = trials.again(job, exchange.path("datum"), author)) {
      tell(exchange, trial);
    }
  }

  private void tell(Exchange exchange, Trial trial) throws IOException, InterruptedException {
    long start = System.nanoTime();
    TrialJson json = new TrialJson(new Filesets(versions.chunks()));
    Lines lines = exchange.lines();
    lines.beat(); // the client can end it from now on
    try {
      while (!trial.ended()) {
        Optional<Trial.Outcome> outcome = waits.during(() -> trial.next(BEAT));
        if (outcome.isPresent()) {
          lines.send(json.outcome(outcome.get()));
        } else {
          lines.beat();
        }
      }
      long took = (System.nanoTime() - start) / 1_000_000;
      lines.send(TrialJson.summary(trial.summary(), took));
    } catch (DassieException e) {
      lines.fail(e);
    }
    lines.end();
  }
}
