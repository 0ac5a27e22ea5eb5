package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.job.bucket.Grant;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.IdSource;
import dev.dassie.version.Repo;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Tries code out on real data beside all pipelines: a spec on the newest commits of its inputs, or
/// one datum of a job again. Thread-safe.
public final class Trials {
  /// Trials that run at once.
  public static final int MOST = 32;

  private final Engine engine;
  private final Jobs jobs;
  private final IdSource ids = IdSource.random();
  private final Semaphore places = new Semaphore(MOST);

  public Trials(Scheduler scheduler, Jobs jobs) {
    this.engine = scheduler.engine();
    this.jobs = jobs;
  }

  /// A spec and the code that comes with it. The salt of the spec is the one that counts.
  public record Version(PipelineSpec spec, Optional<Entry.Directory> source) {}

  /// What is tried.
  ///
  /// @param before the code whose results are compared with
  /// @param most datums that are looked at, from the first on
  public record Request(Version now, Optional<Version> before, long most, String author) {}

  /// Runs the datums of a spec that have no result yet. Their results are recorded under their
  /// keys, so that a pipeline with this code does not run them again. Refused where an input repo
  /// is not there, or `cmd[0]` cannot be found.
  public Trial run(Request request) {
    Version now = request.now();
    PipelineSpec spec = now.spec();
    if (spec.running().stays()) {
      throw new Fault.Unsupported(
              "A trial of a process that stays",
              Optional.of("Spouts and services have no datums; create the pipeline to run it."))
          .asException();
    }
    for (BranchName branch : spec.input().branches()) {
      Repo _ = engine.versions().repo(branch.repo());
    }
    JobInputs inputs = JobInputs.newest(engine.versions(), spec.input());
    Surroundings surroundings = Surroundings.of(engine, spec);
    DatumKey keys = keys(now, surroundings.environment());
    Optional<DatumKey> before = request.before().flatMap(this::keys);
    ChunkStore.Session scratch = engine.chunks().session();
    try {
      engine.recipes().limit().check(spec.input(), inputs.byBranch(), scratch);
      TrialRun.Plan plan =
          new TrialRun.Plan(
              candidates(spec, inputs, keys, before, scratch),
              !spec.everyJob(),
              request.most(),
              slots(spec));
      return start(now, inputs, surroundings, request.author(), plan, scratch);
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  private static Iterator<TrialRun.Candidate> candidates(
      PipelineSpec spec,
      JobInputs inputs,
      DatumKey keys,
      Optional<DatumKey> before,
      ChunkStore.Session scratch) {
    List<Input.Files> arms = spec.input().arms();
    Iterator<Datum> found = new Datums(scratch).of(spec.input(), inputs.byBranch());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return found.hasNext();
      }

      @Override
      public TrialRun.Candidate next() {
        Datum datum = found.next();
        return new TrialRun.Candidate(
            PlannedDatum.of(datum, keys, arms), before.map(other -> other.of(datum)));
      }
    };
  }

  /// Runs one datum of a job again with its code on its files, whatever became of it. Nothing is
  /// recorded.
  public Trial again(JobName job, String datum, String author) {
    Job found = jobs.inspect(job);
    PlannedDatum planned = jobs.planned(found, datum);
    Recipes.Recipe recipe = engine.recipes().of(found.spec());
    JobInputs inputs = inputs(found);
    Surroundings surroundings = Surroundings.of(engine, recipe.spec());
    TrialRun.Candidate candidate = new TrialRun.Candidate(planned, Optional.of(planned.key()));
    TrialRun.Plan plan = new TrialRun.Plan(List.of(candidate).iterator(), false, 1, 1);
    Version version = new Version(recipe.spec(), recipe.source());
    ChunkStore.Session scratch = engine.chunks().session();
    try {
      return start(version, inputs, surroundings, author, plan, scratch);
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  /// What a job read; refused where some of it was deleted since.
  private JobInputs inputs(Job job) {
    JobInputs inputs = JobInputs.of(engine.versions(), job);
    for (int i = 0; i < inputs.sources().size(); i++) {
      Optional<CommitName> commit = inputs.sources().get(i).commit();
      if (commit.isPresent() && inputs.files().get(i).isEmpty()) {
        throw new Fault.NotFound(
                "commit with data",
                commit.get().toString(),
                Optional.of("The job `%s` read it before it was deleted.".formatted(job.name())))
            .asException();
      }
    }
    return inputs;
  }

  /// Opens a shell where a datum of a job would run. Secrets are not there: a person would see
  /// them. Buckets are, under a key that dies with the shell; what it writes to them goes with it.
  public Terminal shell(JobName job, String datum, Optional<Terminal.Size> size)
      throws InterruptedException {
    Job found = jobs.inspect(job);
    PlannedDatum planned = jobs.planned(found, datum);
    Recipes.Recipe recipe = engine.recipes().of(found.spec());
    JobInputs inputs = inputs(found);
    Environment environment = engine.executor().environment(recipe.spec().transform());
    Optional<Grant> grant = engine.grant(recipe.spec(), inputs, job);
    Tasks tasks =
        new Tasks(
            job,
            recipe,
            inputs,
            environment,
            Disclosure.NONE,
            new Filesets(engine.chunks()),
            grant);
    Optional<Terminal> terminal = Optional.empty();
    try {
      Task task = tasks.of(0, List.of(planned));
      grant
          .filter(Grant::writes)
          .ifPresent(granted -> granted.begin(task.limits().resources().diskBytes()));
      Terminal opened = engine.executor().open(task, size);
      terminal = Optional.of(opened);
      return grant.<Terminal>map(granted -> new GrantedTerminal(opened, granted)).orElse(opened);
    } finally {
      if (terminal.isEmpty()) {
        grant.ifPresent(Grant::close);
      }
    }
  }

  private static int slots(PipelineSpec spec) {
    return Math.clamp(spec.parallelism(), 1, Runtime.getRuntime().availableProcessors());
  }

  private Trial start(
      Version version,
      JobInputs inputs,
      Surroundings surroundings,
      String author,
      TrialRun.Plan plan,
      ChunkStore.Session scratch) {
    Environment environment = surroundings.environment();
    PipelineSpec spec = version.spec();
    JobName name = new JobName(spec.project(), spec.name(), ids.next());
    CommitId none = RunContext.NO_COMMIT;
    Recipes.Recipe recipe =
        new Recipes.Recipe(spec, 0, new CommitName(spec.specRepo(), none), version.source());
    RunContext shared =
        RunContext.ofTrial(
            name,
            author,
            spec.transform(),
            version.source().map(Entry.Directory::hash),
            engine.executor(),
            environment);
    Optional<Grant> grant = engine.grant(spec, inputs, name);
    Tasks tasks =
        new Tasks(
            name,
            recipe,
            inputs,
            environment,
            surroundings.secrets(),
            new Filesets(engine.chunks()),
            grant);
    if (!places.tryAcquire()) {
      grant.ifPresent(Grant::close);
      throw new Fault.Conflict(
              "%d trials run already, the most that may at once.".formatted(MOST),
              Optional.of("Repeat the command when one of them has ended."))
          .asException();
    }
    Runnable whenEnded =
        () -> {
          places.release();
          grant.ifPresent(Grant::close);
        };
    return new Trial(
        new TrialRun(engine, name, plan, tasks, shared, inputs.sources(), scratch, whenEnded));
  }

  private static DatumKey keys(Version version, Environment environment) {
    Optional<Hash> source = version.source().map(Entry.Directory::hash);
    PipelineSpec spec = version.spec();
    return new DatumKey(environment.facts(), spec.transform(), source, spec.salt());
  }

  /// The keys of code that is compared with; none where its program is gone.
  private Optional<DatumKey> keys(Version version) {
    try {
      return Optional.of(keys(version, Surroundings.of(engine, version.spec()).environment()));
    } catch (DassieException e) {
      return Optional.empty();
    }
  }
}
