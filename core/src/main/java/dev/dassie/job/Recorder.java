package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// Writes what executors report, in groups: while one transaction is on its way, the next group
/// gathers. A result counts when its transaction has returned, and only under the lease that is the
/// newest of its job then. Thread-safe.
final class Recorder implements AutoCloseable {
  /// The lease of a [Trial], which needs none: its successes are good for whoever asks, and nothing
  /// else of it is kept.
  static final long NO_LEASE = -1;

  private static final int GROUP = 512;

  /// How long a group gathers where the last one had company: a transaction costs as much.
  private static final Duration GATHER = Duration.ofMillis(2);

  /// A datum that has ended; `after` learns whether it was recorded.
  record Ended(JobName job, long lease, Digest key, Result result, Answer after) {}

  /// Called once for each ending, on the recorder's thread; MUST NOT block long.
  interface Answer {
    void recorded(Digest key, Result result);

    /// `why` is absent when the lease was lost.
    void refused(Digest key, Optional<DassieException> why);
  }

  private final Metadata metadata;
  private final Results results;
  private final BlockingQueue<Ended> queue = new ArrayBlockingQueue<>(8 * GROUP);
  private final Thread thread;

  Recorder(Metadata metadata, Results results) {
    this.metadata = metadata;
    this.results = results;
    this.thread = Thread.ofPlatform().daemon().name("job-recorder").start(this::work);
  }

  /// Takes an ending; blocks while too many wait to be written.
  void add(Ended ended) throws InterruptedException {
    // An interrupt is no reason to lose a result for which there is room.
    if (!queue.offer(ended)) {
      queue.put(ended);
    }
  }

  private void work() {
    List<Ended> group = new ArrayList<>(GROUP);
    boolean busy = false;
    try {
      while (true) {
        group.add(queue.take());
        if (busy) {
          LockSupport.parkNanos(GATHER.toNanos());
        }
        queue.drainTo(group, GROUP - 1);
        busy = group.size() > 1;
        write(group);
        results.foldInBackground(false);
        group.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Ended> group) {
    Set<JobName> lost;
    try {
      lost = metadata.write(rows -> write(rows, group));
    } catch (DassieException e) {
      refuse(group, e);
      return;
    } catch (RuntimeException e) {
      // The thread must live on: every run waits for an answer.
      String sentence = "Recording results failed: %s.".formatted(e);
      refuse(group, new DassieException(new Fault.Failed(sentence, Optional.empty()), e));
      return;
    }
    for (Ended ended : group) {
      if (ended.lease() != NO_LEASE && lost.contains(ended.job())) {
        ended.after().refused(ended.key(), Optional.empty());
      } else {
        ended.after().recorded(ended.key(), ended.result());
      }
    }
  }

  private static void refuse(List<Ended> group, DassieException why) {
    group.forEach(ended -> ended.after().refused(ended.key(), Optional.of(why)));
  }

  /// Returns the jobs whose lease is not the newest.
  private Set<JobName> write(Metadata.Writer rows, List<Ended> group) {
    Map<JobName, Optional<Long>> leases = new HashMap<>();
    Set<JobName> lost = new HashSet<>();
    for (Ended ended : group) {
      if (ended.lease() == NO_LEASE) {
        if (ended.result().ending() instanceof Ending.Succeeded) {
          results.record(rows, ended.key(), ended.result());
        }
        continue;
      }
      Optional<Long> newest = leases.computeIfAbsent(ended.job(), job -> Leases.current(rows, job));
      if (!newest.equals(Optional.of(ended.lease()))) {
        lost.add(ended.job());
      } else if (ended.result().ending() instanceof Ending.Succeeded) {
        results.record(rows, ended.key(), ended.result());
      } else {
        FailedRows.put(rows, ended.job(), ended.key(), ended.result());
      }
    }
    return lost;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
