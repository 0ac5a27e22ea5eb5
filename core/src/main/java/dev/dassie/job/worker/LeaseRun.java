package dev.dassie.job.worker;

import dev.dassie.content.Digest;
import dev.dassie.job.Ending;
import dev.dassie.job.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One lease at its worker: takes what the executor reports, and sends it to the server, what has
/// gathered while the last report was on its way together. Thread-safe.
final class LeaseRun implements Report {
  private final long number;
  private final Reporting server;
  private final Thread runner;
  private final Thread sender;
  private List<Results.One> waiting = new ArrayList<>();
  private boolean inside;
  private boolean stopped;
  private boolean cancelled;
  private boolean finished;
  private Optional<String> lack = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  /// Brings reports to the server.
  interface Reporting {
    /// Whether the worker is to go on with the lease. False also where the lease is lost: then
    /// nothing of what was reported counts.
    boolean report(
        long lease,
        List<Results.One> ended,
        boolean end,
        Optional<String> lack,
        Optional<String> trouble);
  }

  /// @param runner the thread that is in the executor between [#enter] and [#leave]
  LeaseRun(long number, Reporting server, Thread runner) {
    this.number = number;
    this.server = server;
    this.runner = runner;
    this.sender = Thread.ofVirtual().name("worker-report").start(this::send);
  }

  /// The thread is interrupted only between this and [#leave]. False where it is not to begin.
  synchronized boolean enter() {
    inside = !stopped && !cancelled;
    return inside;
  }

  /// Also forgets an interrupt that came too late.
  synchronized void leave() {
    inside = false;
    boolean _ = Thread.interrupted();
  }

  /// Begins no more datums.
  synchronized void stop() {
    stopped = true;
  }

  /// Ends what runs.
  synchronized void cancel() {
    cancelled = true;
    stopped = true;
    if (inside) {
      runner.interrupt();
    }
  }

  @Override
  public synchronized boolean started(long lease, Digest key) {
    return !stopped;
  }

  @Override
  public synchronized boolean done(long lease, Digest key, Ending ending) {
    waiting.add(new Results.One(key, ending));
    notifyAll();
    return !cancelled;
  }

  /// Gives back what has no ending, and returns when the server knows all.
  ///
  /// @param lack why this worker cannot run the datums at all
  /// @param trouble why it cannot go on
  void finish(Optional<String> lack, Optional<String> trouble) {
    synchronized (this) {
      this.lack = lack;
      this.trouble = trouble;
      finished = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (sender.isAlive()) {
      try {
        sender.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    try {
      boolean last = false;
      while (!last) {
        List<Results.One> group;
        synchronized (this) {
          while (waiting.isEmpty() && !finished) {
            wait();
          }
          group = waiting;
          waiting = new ArrayList<>();
          last = finished;
        }
        if (!server.report(number, group, last, lack, trouble)) {
          stop();
        }
      }
    } catch (InterruptedException e) {
      cancel(); // nobody interrupts this thread
    }
  }
}
