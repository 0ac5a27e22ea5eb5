package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The slots of one job: threads that take datums in small batches to the executor, each batch in a
/// turn ([Turns]). [Sets] says how large; a turn that has lasted ends at the next datum where
/// others wait. One thread feeds and stops it.
final class Crew {
  private static final int QUEUE = Sets.MOST;

  /// How long a turn may last where others wait; the datum that runs then is its last.
  private static final Duration TURN = Duration.ofMillis(250);

  /// How often a job whose datums are all queued looks for more workers.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Executor executor;
  private final Turns turns;
  private final Claim claim;
  private final Sets sets;
  private final Orders orders;
  private final BlockingQueue<Digest> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Slot> threads = new CopyOnWriteArrayList<>();

  /// What the crew works for. Thread-safe.
  interface Orders extends Report {
    /// The task of some datums.
    Task task(List<Digest> keys);

    /// Those that have no ending; the others have been reported.
    List<Digest> left(List<Digest> keys);

    /// The executor has returned from the task before these had an ending, and nobody asked it to.
    void abandoned(List<Digest> keys);

    /// The executor gave up, for this reason.
    void broken(String reason);
  }

  /// @param claim on whose account turns are taken
  Crew(Engine engine, Claim claim, Sets sets, Orders orders) {
    this.executor = engine.executor();
    this.turns = engine.turns();
    this.claim = claim;
    this.sets = sets;
    this.orders = orders;
  }

  /// Queues a datum. False when the queue stayed full for a second.
  boolean offer(Digest key) throws InterruptedException {
    if (threads.size() < sets.workers()) {
      open();
    }
    return queue.offer(key, 1, TimeUnit.SECONDS);
  }

  private void open() {
    Slot slot = new Slot();
    threads.add(slot);
    slot.start();
  }

  /// Waits as [Progress#awaitQuiet]; opens slots meanwhile, where workers have come for datums that
  /// are queued still.
  void awaitQuiet(Progress progress, long deadline) throws InterruptedException {
    boolean quiet = false;
    while (!quiet && deadline - System.nanoTime() > 0) {
      quiet = progress.awaitQuiet(Math.min(deadline, System.nanoTime() + LOOK.toNanos()));
      for (int i = queue.size(); i > 0 && threads.size() < sets.workers(); i--) {
        open();
      }
    }
  }

  /// Ends the run of a datum and runs it again; from any thread. False where it does not run.
  boolean restart(Digest key) {
    return threads.stream().anyMatch(slot -> slot.restart(key));
  }

  /// Ends what runs and waits until it has ended. Datums that are queued do not run.
  void stop() {
    threads.forEach(Slot::end);
    boolean interrupted = false;
    for (Slot slot : threads) {
      interrupted |= slot.awaitEnd();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One slot. It is interrupted only while it waits or is in the executor: an interrupt elsewhere
  /// could close files that others read.
  private final class Slot implements Report {
    private final Thread thread =
        Thread.ofPlatform().daemon().name("job-slot").unstarted(this::work);
    private boolean inside;
    private boolean ending;

    /// The datum that runs, and whether it is to run again.
    private Optional<Digest> running = Optional.empty();

    private boolean restarting;

    /// Of the turn: since when, whether it had a datum, whether it made way for others.
    private Optional<Turns.Turn> turn = Optional.empty();

    private long since;
    private boolean begun;
    private boolean yielded;

    void start() {
      thread.start();
    }

    synchronized void end() {
      ending = true;
      if (inside) {
        thread.interrupt();
      }
    }

    synchronized boolean restart(Digest key) {
      boolean here = inside && running.equals(Optional.of(key));
      if (here) {
        restarting = true;
        thread.interrupt();
      }
      return here;
    }

    private synchronized boolean enter() {
      inside = !ending;
      return inside;
    }

    /// Also forgets an interrupt that came too late.
    private synchronized void leave() {
      inside = false;
      boolean _ = Thread.interrupted();
    }

    /// Whether the waiting thread was interrupted.
    boolean awaitEnd() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return interrupted;
    }

    private void work() {
      try {
        while (enter()) {
          List<Digest> batch = new ArrayList<>();
          try {
            batch.add(queue.take());
            sets.fill(batch, queue);
            turn = Optional.of(turns.take(claim));
          } finally {
            leave();
          }
          try (Turns.Turn place = turn.orElseThrow()) {
            run(batch, place);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (DassieException e) {
        orders.broken(e.fault().message());
      } catch (RuntimeException e) {
        System.getLogger("dassie.job").log(System.Logger.Level.ERROR, "The executor failed", e);
        orders.broken("The executor `%s` failed: %s.".formatted(executor.name(), e));
      }
    }

    private void run(List<Digest> batch, Turns.Turn place) throws InterruptedException {
      sets.top(batch, queue);
      List<Digest> left = batch;
      while (!left.isEmpty()) {
        boolean again = attempt(left);
        left = orders.left(left);
        if (!left.isEmpty() && !again) {
          orders.abandoned(left);
          return;
        }
        if (!left.isEmpty() && yielded && !passed(place)) {
          return;
        }
      }
    }

    /// Whether what is left is to run too: the turn has ended, or a datum is to run again.
    private boolean attempt(List<Digest> batch) throws InterruptedException {
      Task task = orders.task(batch);
      since = System.nanoTime();
      begun = false;
      yielded = false;
      if (!enter()) {
        return false;
      }
      boolean interrupted = false;
      try {
        executor.run(task, this);
      } catch (InterruptedException e) {
        interrupted = true;
      } finally {
        leave();
      }
      synchronized (this) {
        boolean again = restarting && !ending;
        restarting = false;
        running = Optional.empty();
        if (interrupted && !again) {
          throw new InterruptedException();
        }
        return again || yielded;
      }
    }

    private boolean passed(Turns.Turn place) throws InterruptedException {
      if (!enter()) {
        return false;
      }
      try {
        place.pass();
        return true;
      } finally {
        leave();
      }
    }

    @Override
    public boolean started(long lease, Digest key) {
      boolean lasted = System.nanoTime() - since > TURN.toNanos();
      if (begun && lasted && turn.orElseThrow().wanted()) {
        yielded = true;
        return false;
      }
      synchronized (this) {
        if (restarting) {
          return false;
        }
        running = Optional.of(key);
      }
      begun = true;
      return orders.started(lease, key);
    }

    @Override
    public boolean done(long lease, Digest key, Ending ending) {
      return orders.done(lease, key, ending);
    }
  }
}
