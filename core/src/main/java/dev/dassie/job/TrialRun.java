package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The datums of one [Trial] on their way: decides which run, takes what the executor reports to
/// the recorder, and hands out what became of each. Thread-safe.
final class TrialRun implements Crew.Orders, Recorder.Answer {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int ON_THEIR_WAY = 1_024;
  private static final int GROUP = 256;
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /// Nothing tells leases of trials apart: each has its own report.
  private static final long LEASE = 0;

  /// What is to run.
  ///
  /// @param datums in their order; read by one thread
  /// @param reusing whether results are looked up, and recorded for whoever asks next
  record Plan(Iterator<Candidate> datums, boolean reusing, long most, int slots) {}

  /// A datum that may run, and the key of it under the code that it is compared with.
  record Candidate(PlannedDatum datum, Optional<Digest> before) {}

  /// A datum on its way, and what it is compared with.
  private record Open(PlannedDatum datum, Optional<Fileset> last) {}

  private final Engine engine;
  private final JobName name;
  private final Plan plan;
  private final Tasks tasks;
  private final RunContext shared;
  private final List<Job.Source> sources;
  private final ChunkStore.Session scratch;
  private final Runnable whenEnded;
  private final Progress progress = new Progress();
  private final BusyTime busy = new BusyTime();
  private final Map<Digest, Open> open = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(ON_THEIR_WAY);
  private final BlockingQueue<Optional<Trial.Outcome>> outcomes = new LinkedBlockingQueue<>();
  private final Set<Digest> unreported = ConcurrentHashMap.newKeySet();
  private final Deque<Open> deferred = new ArrayDeque<>();
  private final Thread thread;
  private Digest context = Digest.of(new byte[0]);
  private long looked;
  private boolean more;
  private volatile Optional<RuntimeException> failure = Optional.empty();

  /// @param name what it is called; no job has this name
  /// @param scratch holds what the plan is made from; closed with the trial
  /// @param whenEnded called once, when nothing runs any more
  TrialRun(
      Engine engine,
      JobName name,
      Plan plan,
      Tasks tasks,
      RunContext shared,
      List<Job.Source> sources,
      ChunkStore.Session scratch,
      Runnable whenEnded) {
    this.engine = engine;
    this.name = name;
    this.plan = plan;
    this.tasks = tasks;
    this.shared = shared;
    this.sources = List.copyOf(sources);
    this.scratch = scratch;
    this.whenEnded = whenEnded;
    this.thread = Thread.ofVirtual().name("trial-" + name).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /// The next outcome, or an empty one at the end; nothing where neither came in time.
  Optional<Optional<Trial.Outcome>> poll(Duration atMost) throws InterruptedException {
    Optional<Trial.Outcome> next = outcomes.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      return Optional.empty();
    }
    room.release();
    return Optional.of(next);
  }

  /// How it went, once it has ended.
  ///
  /// @throws DassieException what kept it from going on
  Trial.Summary summary() {
    failure.ifPresent(problem -> {
      throw problem;
    });
    Job.Counts counts = progress.counts();
    List<String> empty =
        sources.stream()
            .filter(source -> source.commit().isEmpty())
            .map(source -> source.branch().toString())
            .distinct()
            .toList();
    return new Trial.Summary(
        new Job.Counts(
            looked, counts.success(), counts.skipped(), counts.failed(), counts.recovered()),
        more,
        busy.micros(),
        empty);
  }

  /// Ends what runs, within seconds.
  void close() {
    progress.halt(new Progress.Halt.Overtaken());
    boolean interrupted = Thread.interrupted();
    try {
      boolean _ = thread.join(CLOSING);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try (ChunkStore.Session session = scratch) {
      context = shared.store(session);
      session.publish();
      Claim claim = Claim.of(engine.versions(), name, JobClass.INTERACTIVE);
      Crew crew = new Crew(engine, claim, Sets.usual(plan.slots()), this);
      try {
        feed(crew);
        boolean _ = progress.awaitQuiet(System.nanoTime() + Duration.ofDays(36_500).toNanos());
      } finally {
        crew.stop();
        progress.awaitAnswers();
        if (plan.reusing()) {
          open.keySet().forEach(engine.locks()::release);
        }
      }
      if (progress.halted().orElse(null) instanceof Progress.Halt.Broken broken) {
        failure = Optional.of(new Fault.Failed(broken.reason(), Optional.empty()).asException());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!(e instanceof DassieException)) {
        LOG.log(System.Logger.Level.ERROR, "The trial " + name + " failed", e);
      }
      failure = Optional.of(e);
    } finally {
      whenEnded.run();
      outcomes.add(Optional.empty());
    }
  }

  private boolean goesOn() {
    return progress.halted().isEmpty();
  }

  private void feed(Crew crew) throws InterruptedException {
    while (goesOn() && looked < plan.most() && plan.datums().hasNext()) {
      List<Candidate> group = new ArrayList<>();
      while (group.size() < GROUP && looked < plan.most() && plan.datums().hasNext()) {
        group.add(plan.datums().next());
        looked++;
      }
      send(crew, compared(group));
    }
    more = goesOn() && plan.datums().hasNext();
    while (goesOn() && !deferred.isEmpty()) {
      if (engine.locks().awaitRelease(deferred.getFirst().datum().key(), name)) {
        List<Open> group = new ArrayList<>();
        while (!deferred.isEmpty() && group.size() < GROUP) {
          group.add(deferred.removeFirst());
        }
        send(crew, group);
      }
    }
  }

  /// Looks up what the datums are compared with.
  private List<Open> compared(List<Candidate> group) {
    List<Digest> keys = group.stream().flatMap(one -> one.before().stream()).toList();
    Map<Digest, Result> found = engine.results().find(keys);
    return group.stream()
        .map(one ->
            new Open(
                one.datum(),
                one.before()
                    .flatMap(key -> Optional.ofNullable(found.get(key)))
                    .flatMap(Result::output)))
        .toList();
  }

  private void send(Crew crew, List<Open> group) throws InterruptedException {
    List<Open> missing = withoutResult(group);
    List<Open> mine = new ArrayList<>();
    for (Open one : missing) {
      if (!plan.reusing() || engine.locks().acquire(one.datum().key(), name)) {
        mine.add(one);
      } else {
        deferred.add(one);
      }
    }
    // Between the look and the lock a job may have come to an end with it.
    List<Open> toRun = withoutResult(mine);
    Set<Digest> locked = new HashSet<>();
    toRun.forEach(one -> locked.add(one.datum().key()));
    mine.stream()
        .map(one -> one.datum().key())
        .filter(key -> !locked.contains(key))
        .forEach(engine.locks()::release);
    for (Open one : toRun) {
      start(crew, one);
    }
  }

  private void start(Crew crew, Open one) throws InterruptedException {
    Digest key = one.datum().key();
    open.put(key, one); // from here on it is given back at the end, whatever happens
    if (!reserved()) {
      return;
    }
    progress.begin();
    boolean queued = false;
    while (!queued && goesOn()) {
      queued = crew.offer(key);
    }
  }

  /// Waits for room for one more outcome; false where there will be none.
  private boolean reserved() throws InterruptedException {
    boolean taken = false;
    while (!taken && goesOn()) {
      taken = room.tryAcquire(1, TimeUnit.SECONDS);
    }
    return taken;
  }

  /// Those that must run. Of the others those are told that left something else than before.
  private List<Open> withoutResult(List<Open> group) throws InterruptedException {
    if (!plan.reusing() || group.isEmpty()) {
      return group;
    }
    Map<Digest, Result> found =
        engine.results().find(group.stream().map(one -> one.datum().key()).toList());
    List<Open> missing = new ArrayList<>();
    for (Open one : group) {
      Optional<Result> result = Optional.ofNullable(found.get(one.datum().key()));
      if (result.isEmpty()) {
        missing.add(one);
      } else {
        progress.reused(0, 1);
        boolean changed = one.last().isPresent() && !one.last().equals(result.get().output());
        if (changed && reserved()) {
          tell(one, DatumView.State.SKIPPED, result.get());
        }
      }
    }
    return missing;
  }

  private void tell(Open one, DatumView.State state, Result result) {
    outcomes.add(
        Optional.of(
            new Trial.Outcome(
                one.datum().id().toString(),
                one.datum().key().toString(),
                state,
                result.reason(),
                DatumReader.inputs(sources, one.datum()),
                result.ending().tries(),
                result.output(),
                one.last())));
  }

  @Override
  public Task task(List<Digest> keys) {
    unreported.addAll(keys);
    return tasks.of(
        LEASE,
        keys.stream()
            .map(key -> Optional.ofNullable(open.get(key)).orElseThrow().datum())
            .toList());
  }

  @Override
  public List<Digest> left(List<Digest> keys) {
    return keys.stream().filter(unreported::contains).toList();
  }

  @Override
  public void abandoned(List<Digest> keys) {
    if (goesOn()) {
      broken(
          "The executor `%s` left a datum without an ending.".formatted(engine.executor().name()));
    }
  }

  @Override
  public void broken(String reason) {
    progress.halt(new Progress.Halt.Broken(reason));
  }

  @Override
  public boolean started(long lease, Digest key) {
    return goesOn();
  }

  @Override
  public boolean done(long lease, Digest key, Ending ending) {
    if (!unreported.remove(key)) {
      return false;
    }
    busy.add(ending.tries());
    Result result = new Result(context, ending);
    progress.reporting();
    if (!plan.reusing()) {
      recorded(key, result);
      return goesOn();
    }
    try {
      engine.recorder().add(new Recorder.Ended(name, Recorder.NO_LEASE, key, result, this));
      return goesOn();
    } catch (InterruptedException e) {
      progress.answered();
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void recorded(Digest key, Result result) {
    Open one = open.remove(key);
    if (one != null) {
      if (plan.reusing()) {
        engine.locks().release(key);
      }
      progress.ended(new byte[0], result);
      tell(one, DatumReader.ended(result), result);
      progress.end();
    }
    progress.answered();
  }

  @Override
  public void refused(Digest key, Optional<DassieException> why) {
    broken(why.map(e -> e.fault().message()).orElse("A result could not be recorded."));
    progress.answered();
  }
}
