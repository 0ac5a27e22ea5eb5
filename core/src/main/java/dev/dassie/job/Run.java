package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/// The datums of one job that are on their way: it makes tasks of them, takes what the executor
/// reports to the recorder, and what was recorded to whoever composes the output. Thread-safe.
final class Run implements Crew.Orders, Recorder.Answer {
  private static final int ON_THEIR_WAY = 4_096;

  /// A datum whose result is durable.
  record Done(Work.Changed datum, Result result) {}

  private final Engine engine;
  private final Job job;
  private final Digest context;
  private final long lease;
  private final Progress progress;
  private final Tasks tasks;
  private final Map<Digest, Work.Changed> open = new ConcurrentHashMap<>();
  private final Set<Digest> unreported = ConcurrentHashMap.newKeySet();
  private final Set<Digest> running = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(ON_THEIR_WAY);
  private final BlockingQueue<Optional<Done>> done = new LinkedBlockingQueue<>();

  Run(Engine engine, Job job, Tasks tasks, Digest context, long lease, Progress progress) {
    this.engine = engine;
    this.job = job;
    this.tasks = tasks;
    this.context = context;
    this.lease = lease;
    this.progress = progress;
  }

  /// Counts a datum in, whose key this job has locked. False when there was no room for a second.
  boolean begin(Work.Changed datum) throws InterruptedException {
    if (!room.tryAcquire(1, java.util.concurrent.TimeUnit.SECONDS)) {
      return false;
    }
    progress.begin();
    open.put(datum.now().orElseThrow().key(), datum);
    return true;
  }

  /// The next datum whose result is durable; absent after [#close].
  Optional<Done> take() throws InterruptedException {
    return done.take();
  }

  /// The datum is dealt with.
  void end(Done ended) {
    room.release();
    progress.end();
  }

  /// Gives back the keys that did not come to an end, and ends the queue of those that did.
  void close() {
    open.keySet().forEach(engine.locks()::release);
    done.add(Optional.empty());
  }

  @Override
  public Task task(List<Digest> keys) {
    List<PlannedDatum> datums = new ArrayList<>(keys.size());
    for (Digest key : keys) {
      datums.add(Optional.ofNullable(open.get(key)).orElseThrow().now().orElseThrow());
    }
    unreported.addAll(keys);
    return tasks.of(lease, datums);
  }

  @Override
  public List<Digest> left(List<Digest> keys) {
    return keys.stream().filter(unreported::contains).toList();
  }

  @Override
  public void abandoned(List<Digest> keys) {
    if (progress.halted().isEmpty()) {
      broken("The executor `%s` left a datum without an ending.".formatted(job.executor()));
    }
  }

  @Override
  public void broken(String reason) {
    progress.halt(new Progress.Halt.Broken(reason));
  }

  @Override
  public boolean started(long number, Digest key) {
    boolean goes = number == lease && progress.halted().isEmpty();
    if (goes) {
      running.add(key);
    }
    return goes;
  }

  /// Bytes of the inputs of a datum that is on its way.
  long bytes(Digest key) {
    return tasks.bytes(Optional.ofNullable(open.get(key)).orElseThrow().now().orElseThrow());
  }

  /// Whether the code of a datum is at work.
  boolean runs(Digest key) {
    return running.contains(key);
  }

  @Override
  public boolean done(long number, Digest key, Ending ending) {
    running.remove(key);
    if (number != lease || !unreported.remove(key)) {
      return false;
    }
    progress.reporting();
    try {
      engine
          .recorder()
          .add(new Recorder.Ended(job.name(), lease, key, new Result(context, ending), this));
      return progress.halted().isEmpty();
    } catch (InterruptedException e) {
      progress.answered();
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void recorded(Digest key, Result result) {
    Work.Changed datum = open.remove(key);
    engine.locks().release(key);
    if (datum != null) {
      progress.ended(datum.order(), result);
      done.add(Optional.of(new Done(datum, result)));
    }
    progress.answered();
  }

  @Override
  public void refused(Digest key, Optional<DassieException> why) {
    progress.halt(
        why.<Progress.Halt>map(e -> new Progress.Halt.Broken(e.fault().message()))
            .orElse(new Progress.Halt.Overtaken()));
    progress.answered();
  }
}
