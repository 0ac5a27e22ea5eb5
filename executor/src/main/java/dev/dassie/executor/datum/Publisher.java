package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.job.Ending;
import dev.dassie.job.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Makes results durable and reports them, many quick datums together: a group closes when it has
/// [#GROUP] members, is [#WINDOW] old, or a slow datum joins it. So a crash costs no more than
/// [#WINDOW] of quick datums, which run again. Thread-safe.
public final class Publisher {
  private static final int GROUP = 128;
  private static final Duration WINDOW = Duration.ofMillis(50);

  private final ChunkStore.Session session;
  private final Report report;
  private final long lease;
  private final Runnable refused;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private List<Result> waiting = new ArrayList<>();
  private long oldest;
  private boolean urgent;
  private boolean finished;
  private volatile boolean stopped;
  private volatile Optional<RuntimeException> failure = Optional.empty();

  /// @param refused called once when a report is refused
  public Publisher(ChunkStore.Session session, Report report, long lease, Runnable refused) {
    this.session = session;
    this.report = report;
    this.lease = lease;
    this.refused = refused;
    this.thread = Thread.ofPlatform().daemon().name("dassie-publish").start(this::work);
  }

  private record Result(Digest key, Ending ending) {}

  /// Takes a result; returns at once.
  public void add(Digest key, Ending ending, boolean quick) {
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        oldest = System.nanoTime();
      }
      waiting.add(new Result(key, ending));
      urgent |= !quick;
      if (urgent || waiting.size() >= GROUP || waiting.size() == 1) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether a result was refused, or could not be made durable.
  public boolean stopped() {
    return stopped;
  }

  /// Returns when every result taken is reported, even if interrupted meanwhile; throws what kept
  /// them from being durable.
  public void finish() {
    lock.lock();
    try {
      finished = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    failure.ifPresent(problem -> {
      throw problem;
    });
  }

  private void work() {
    try {
      List<Result> group = next();
      while (!group.isEmpty()) {
        session.publish();
        group.forEach(this::tell);
        group = next();
      }
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      stop();
    } catch (InterruptedException e) {
      stop(); // nobody interrupts this thread
    }
  }

  private List<Result> next() throws InterruptedException {
    lock.lock();
    try {
      while (!finished && !urgent && waiting.size() < GROUP) {
        if (waiting.isEmpty()) {
          changed.await();
        } else {
          long left = WINDOW.toNanos() - (System.nanoTime() - oldest);
          if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
            break;
          }
        }
      }
      List<Result> group = waiting;
      waiting = new ArrayList<>();
      urgent = false;
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void tell(Result result) {
    try {
      if (!report.done(lease, result.key(), result.ending())) {
        stop();
      }
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      stop();
    }
  }

  private void stop() {
    if (!stopped) {
      stopped = true;
      refused.run();
    }
  }
}
