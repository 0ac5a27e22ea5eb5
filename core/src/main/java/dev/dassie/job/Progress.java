package dev.dassie.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How far a run has come: its counts, its first failed datum and whether it is to stop.
/// Thread-safe.
final class Progress {
  /// Why a run ends before its datums do.
  sealed interface Halt {
    /// The record says already that the job has ended, or somebody else runs it.
    record Overtaken() implements Halt {}

    /// The job fails with a sentence.
    record Broken(String reason) implements Halt {}

    /// The server stops; the job goes on when it is back.
    record Closing() implements Halt {}
  }

  /// A datum that failed; the first in datum order is named.
  record Failure(byte[] order, Result result) {}

  private long total;
  private long success;
  private long skipped;
  private long failed;
  private long recovered;
  private long open;
  private long reporting;
  private Optional<Failure> first = Optional.empty();
  private Optional<Halt> halt = Optional.empty();
  private boolean closing;
  private final Slowest slowest = new Slowest();

  synchronized void total(long datums, long unchanged) {
    total = datums;
    skipped = unchanged;
  }

  /// A datum is on its way to run.
  synchronized void begin() {
    open++;
  }

  /// A datum that [#begin] counted has been dealt with.
  synchronized void end() {
    open--;
    if (open == 0) {
      notifyAll();
    }
  }

  synchronized void reused(long mine, long others) {
    success += mine;
    skipped += others;
  }

  synchronized void ended(byte[] order, Result result) {
    slowest.ended(order, result);
    switch (result.ending()) {
      case Ending.Succeeded succeeded -> success++;
      case Ending.Recovered again -> recovered++;
      case Ending.Failed no -> {
        failed++;
        if (first.isEmpty() || Arrays.compareUnsigned(order, first.get().order()) < 0) {
          first = Optional.of(new Failure(order, result));
        }
      }
    }
  }

  synchronized void halt(Halt why) {
    if (why instanceof Halt.Closing) {
      closing = true;
      notifyAll();
    }
    if (halt.isEmpty()) {
      halt = Optional.of(why);
      notifyAll();
    }
  }

  synchronized Optional<Halt> halted() {
    return halt;
  }

  /// Waits for so long; false as soon as the server stops.
  synchronized boolean pause(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    long left = time.toMillis();
    while (!closing && left > 0) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return !closing;
  }

  /// The same, but false too as soon as the run is to stop.
  synchronized boolean rest(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    long left = time.toMillis();
    while (!closing && halt.isEmpty() && left > 0) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return !closing && halt.isEmpty();
  }

  /// Whether the server stops.
  synchronized boolean isClosing() {
    return closing;
  }

  /// Counts of a run that computed its output before the server was started.
  synchronized void restore(Job.Counts counts) {
    total = counts.total();
    success = counts.success();
    skipped = counts.skipped();
    failed = counts.failed();
    recovered = counts.recovered();
  }

  synchronized Job.Counts counts() {
    return new Job.Counts(total, success, skipped, failed, recovered);
  }

  /// Order keys of the datums that took longest since the run began here.
  synchronized List<byte[]> slowest() {
    return slowest.orders();
  }

  synchronized Optional<Failure> firstFailure() {
    return first;
  }

  /// Waits until no datum is on its way, the run is to stop, or `System.nanoTime()` passes the
  /// deadline.
  synchronized boolean awaitQuiet(long deadline) throws InterruptedException {
    while (open > 0 && halt.isEmpty() && deadline - System.nanoTime() > 0) {
      long left = Math.min(deadline - System.nanoTime(), Duration.ofMinutes(1).toNanos());
      wait(Math.max(1, left / 1_000_000));
    }
    return open == 0 || halt.isPresent();
  }

  /// A result goes to the recorder.
  synchronized void reporting() {
    reporting++;
  }

  /// The recorder has answered.
  synchronized void answered() {
    reporting--;
    if (reporting == 0) {
      notifyAll();
    }
  }

  /// Waits until the recorder has answered everything.
  synchronized void awaitAnswers() throws InterruptedException {
    while (reporting > 0) {
      wait(Duration.ofMinutes(1).toMillis());
    }
  }
}
