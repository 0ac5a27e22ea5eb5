package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.job.bucket.Grant;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.Sealed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Runs one job from its plan to its output commit, on a thread of its own. What it needs to go on
/// after a restart is durable at every moment.
final class JobRun {
  private static final System.Logger LOG = System.getLogger("dassie.job");

  private final Engine engine;
  private final Job job;
  private final Progress progress = new Progress();
  private volatile Optional<Run> datums = Optional.empty();
  private volatile Optional<Crew> crew = Optional.empty();

  JobRun(Engine engine, Job job) {
    this.engine = engine;
    this.job = job;
  }

  JobName name() {
    return job.name();
  }

  Job.Counts counts() {
    return progress.counts();
  }

  /// Order keys of the datums that took longest so far.
  List<byte[]> slowest() {
    return progress.slowest();
  }

  /// Where a datum of the job stands that has no result yet; from any thread.
  Pending pending(Digest key) {
    Optional<JobName> holder = engine.locks().holder(key);
    if (holder.isEmpty()) {
      return new Pending.Unseen();
    }
    if (!holder.get().equals(job.name())) {
      return new Pending.Elsewhere(holder.get(), key);
    }
    if (datums.filter(run -> run.runs(key)).isPresent()) {
      return new Pending.Runs();
    }
    return engine.turns().full() ? new Pending.Full(engine.turns().places()) : new Pending.Queued();
  }

  /// What holds up the job as a whole, if anything does; from any thread.
  Optional<Pending> held() {
    Optional<Pending> elsewhere =
        engine
            .locks()
            .awaited(job.name())
            .flatMap(key ->
                engine
                    .locks()
                    .holder(key)
                    .<Pending>map(holder -> new Pending.Elsewhere(holder, key)));
    boolean full =
        engine.turns().standings().stream()
            .anyMatch(one -> one.claim().job().equals(job.name()) && one.position().isPresent());
    return elsewhere.or(
        () -> full ? Optional.of(new Pending.Full(engine.turns().places())) : Optional.empty());
  }

  /// Ends the run of a datum and runs it again; from any thread. False where it does not run.
  boolean restart(Digest key) {
    return crew.filter(slots -> slots.restart(key)).isPresent();
  }

  /// Makes the run end soon; from any thread.
  void halt(Progress.Halt why) {
    progress.halt(why);
  }

  /// Runs the job to its end, or until it is told to stop.
  void work() {
    try (ChunkStore.Session session = engine.chunks().session()) {
      run(session);
    } catch (DassieException e) {
      fail(e.fault().message());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "Running " + job.name() + " failed", e);
      fail("A bug in Dassie ended the job: %s.".formatted(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the job with a reason. Where that cannot be written, on a full disk say, it is tried
  /// until it can or the server stops: its next start takes the job up again.
  private void fail(String reason) {
    Trouble trouble = new Trouble();
    try {
      do {
        try {
          boolean _ =
              JobRecord.end(engine.versions(), Call.SYSTEM, job, Job.State.FAILED, reason, true);
          return;
        } catch (DassieException e) {
          LOG.log(System.Logger.Level.ERROR, "The end of " + job.name() + " is not recorded", e);
          if (!Trouble.passes(e)) {
            return;
          }
        }
      } while (progress.pause(trouble.pause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What is known before the first datum runs.
  private record Start(
      Job job,
      Recipes.Recipe recipe,
      JobInputs inputs,
      Environment environment,
      Disclosure secrets,
      Digest context,
      Optional<Job> base,
      PersistentMap.Root datums) {}

  private void run(ChunkStore.Session session) throws InterruptedException {
    Optional<Fileset> output = engine.versions().inspect(job.name().output()).finishedFiles();
    if (output.isPresent()) {
      resume(output.get());
      return;
    }
    Optional<Start> begun = begun(session);
    if (begun.isEmpty()) {
      return;
    }
    Start start = begun.get();
    session.publish();
    Optional<Long> lease = JobRecord.begin(engine.versions(), start.job());
    if (lease.isEmpty() || progress.halted().isPresent()) {
      return;
    }
    Optional<Grant> grant = engine.grant(start.recipe().spec(), start.inputs(), job.name());
    try (Assembly assembly = new Assembly(engine, session, start.job(), start.recipe(), progress)) {
      Work work = assembly.begin(start.base());
      Run run =
          new Run(
              engine,
              start.job(),
              new Tasks(
                  job.name(),
                  start.recipe(),
                  start.inputs(),
                  start.environment(),
                  start.secrets(),
                  new Filesets(engine.chunks()),
                  grant),
              start.context(),
              lease.get(),
              progress);
      datums = Optional.of(run);
      Thread composing = Thread.ofVirtual().name("job-compose").start(() -> assembly.take(run));
      datums(start, run, work, assembly);
      composing.join();
      end(start, lease.get(), work, assembly, session);
    } finally {
      grant.ifPresent(Grant::close);
    }
  }

  /// Waits while the executor is away and cannot say what the code would run on; nothing where the
  /// job is to end meanwhile.
  private Optional<Start> begun(ChunkStore.Session session) throws InterruptedException {
    Trouble trouble = new Trouble();
    do {
      try {
        return Optional.of(start(session));
      } catch (DassieException e) {
        if (engine.executor().trouble().isEmpty() || !Trouble.passes(e)) {
          throw e;
        }
      }
    } while (progress.pause(trouble.pause()));
    return Optional.empty();
  }

  private Start start(ChunkStore.Session session) {
    Commit output = engine.versions().inspect(job.name().output());
    Recipes.Recipe recipe = engine.recipes().of(job.spec());
    PipelineSpec spec = recipe.spec();
    Surroundings surroundings = Surroundings.of(engine, spec);
    Environment environment = surroundings.environment();
    JobInputs inputs = JobInputs.of(engine.versions(), spec.input(), output);
    Optional<Hash> source = recipe.source().map(tree -> tree.hash());
    DatumKey keys = new DatumKey(environment.facts(), spec.transform(), source, spec.salt());
    RunContext context =
        RunContext.of(job, spec.transform(), source, engine.executor(), environment);
    Digest stored = context.store(session);
    Optional<Job> base = base(output);
    Plan plan =
        new Plan(
            session,
            spec.input(),
            inputs,
            keys,
            spec.everyJob() ? Optional.of(job.name()) : Optional.empty(),
            engine.recipes().limit());
    PersistentMap.Root datums =
        base.isPresent()
            ? plan.after(engine.versions(), base.get(), job.spec(), environment.facts())
            : plan.whole();
    Job running =
        job.running(
                engine.executor(),
                inputs.sources(),
                base.map(found -> found.name().id()),
                stored,
                engine.clock().instant())
            .with(new Job.Roots(datums, PersistentMap.EMPTY, PersistentMap.EMPTY, plan.index()))
            .with(new Job.Counts(datums.count(), 0, 0, 0, 0));
    return new Start(
        running, recipe, inputs, environment, surroundings.secrets(), stored, base, datums);
  }

  /// The newest job before this one whose output commit finished.
  private Optional<Job> base(Commit output) {
    return engine
        .versions()
        .nearestFinished(output.name())
        .flatMap(commit ->
            engine
                .metadata()
                .read(rows ->
                    JobTable.find(
                        rows,
                        new JobName(
                            job.name().project(), job.name().pipeline(), commit.name().id()))))
        // One that failed though its output is finished failed with its egress.
        .filter(found -> found.state().ended());
  }

  private void datums(Start start, Run run, Work work, Assembly assembly)
      throws InterruptedException {
    JobClass kind = JobClass.of(engine, start.recipe().spec(), start.base());
    Sets sets =
        Sets.of(
            start.recipe().spec().running(),
            Sets.slots(start.recipe().spec().parallelism(), engine.executor()),
            () -> start.datums().count() - progress.counts().skipped(),
            run::bytes);
    Crew hands = new Crew(engine, Claim.of(engine.versions(), job.name(), kind), sets, run);
    crew = Optional.of(hands);
    long deadline = deadline(start);
    try {
      Feed feed =
          new Feed(
              engine,
              job.name(),
              start.context(),
              job.state() == Job.State.RUNNING,
              progress,
              run,
              hands,
              assembly,
              deadline);
      feed.all(work);
      sets.complete();
      hands.awaitQuiet(progress, deadline);
      if (deadline - System.nanoTime() <= 0) {
        Duration limit = start.recipe().spec().jobTimeout().orElse(Duration.ZERO);
        progress.halt(
            new Progress.Halt.Broken(
                "The job ran longer than its `jobTimeout` of %d s.".formatted(limit.toSeconds())));
      }
    } finally {
      hands.stop();
      progress.awaitAnswers();
      run.close();
    }
  }

  private long deadline(Start start) {
    Instant began = start.job().times().started().orElseThrow();
    return start
        .recipe()
        .spec()
        .jobTimeout()
        .map(limit -> limit.minus(Duration.between(began, engine.clock().instant())))
        .map(left -> System.nanoTime() + left.toNanos())
        .orElse(System.nanoTime() + Duration.ofDays(36_500).toNanos());
  }

  private void end(
      Start start, long lease, Work work, Assembly assembly, ChunkStore.Session session)
      throws InterruptedException {
    Optional<Progress.Halt> halt = progress.halted();
    if (halt.isPresent() && halt.get() instanceof Progress.Halt.Closing) {
      return;
    }
    Job.Counts counts = progress.counts();
    PersistentMap.Root endings =
        counts.failed() + counts.recovered() == 0
            ? PersistentMap.EMPTY
            : assembly.endings(work, start.job());
    boolean well = halt.isEmpty() && counts.failed() == 0 && !assembly.collided();
    Composer.Composed composed =
        well
            ? assembly.finish(start.job())
            : new Composer.Composed(Filesets.EMPTY, PersistentMap.EMPTY);
    Job ended =
        start
            .job()
            .with(counts)
            .with(
                new Job.Roots(
                    start.datums(), composed.owners(), endings, start.job().roots().index()));
    boolean mine;
    if (well) {
      Sealed output = seal(session, composed.files());
      session.publish();
      Optional<Egress> egress = start.recipe().spec().egress();
      if (egress.isPresent()) {
        String reason = EgressRun.reason(egress.get());
        if (JobRecord.compute(engine.versions(), ended, lease, output, reason)) {
          settle(counts);
          egress(start.recipe().spec(), egress.get(), lease, composed.files());
          return;
        }
      }
      mine = egress.isEmpty() && JobRecord.succeed(engine.versions(), ended, lease, output);
    } else {
      session.publish();
      mine = false;
      if (halt.filter(why -> why instanceof Progress.Halt.Overtaken).isEmpty()) {
        boolean _ = failed(ended, halt, assembly);
      }
    }
    // Somebody else may have ended the job, or run it now: then its rows are his.
    mine =
        mine
            || JobRecord.complete(
                engine.versions(), job.name(), lease, row -> row.with(counts).with(ended.roots()));
    if (mine) {
      settle(counts);
    }
  }

  /// Puts rows in order after the end.
  private void settle(Job.Counts counts) {
    if (counts.total() > Jobs.LOOKED_AT) {
      JobRecord.slowest(engine.metadata(), job.name(), progress.slowest());
    }
    if (counts.failed() + counts.recovered() > 0) {
      JobRecord.sweep(engine.metadata(), job.name());
    }
  }

  /// Goes on with a job whose output was computed before the server was started.
  private void resume(Fileset output) throws InterruptedException {
    PipelineSpec spec = engine.recipes().of(job.spec()).spec();
    progress.restore(job.datums());
    Optional<Long> lease = JobRecord.begin(engine.versions(), job);
    if (lease.isPresent() && spec.egress().isPresent()) {
      egress(spec, spec.egress().get(), lease.get(), output);
    }
  }

  private void egress(PipelineSpec spec, Egress to, long lease, Fileset output)
      throws InterruptedException {
    new EgressRun(engine, job.name(), spec, to, progress).work(lease, output);
  }

  private boolean failed(Job ended, Optional<Progress.Halt> halt, Assembly assembly) {
    String reason =
        halt.isPresent() && halt.get() instanceof Progress.Halt.Broken broken
            ? broken.reason()
            : assembly.firstFailure(ended);
    return JobRecord.end(engine.versions(), Call.SYSTEM, ended, Job.State.FAILED, reason, false);
  }

  private Sealed seal(ChunkStore.Session session, Fileset files) {
    return engine.versions().seal(session, job.name().output(), files);
  }
}
