package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The slots of one job: threads that take datums in small batches to the executor. Batches shrink
/// as the queue runs dry, so that the slots end together. One thread feeds and stops it.
final class Crew {
  private static final int QUEUE = 2_048;
  private static final int BATCH = 64;

  private final Executor executor;
  private final Semaphore places;
  private final int slots;
  private final Orders orders;
  private final BlockingQueue<Digest> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Slot> threads = new ArrayList<>();

  /// What the crew works for. Thread-safe.
  interface Orders extends Report {
    /// The task of some datums.
    Task task(List<Digest> keys);

    /// The executor has returned from the task.
    void returned(List<Digest> keys);

    /// The executor gave up, for this reason.
    void broken(String reason);
  }

  Crew(Engine engine, int slots, Orders orders) {
    this.executor = engine.executor();
    this.places = engine.places();
    this.slots = slots;
    this.orders = orders;
  }

  /// Queues a datum. False when the queue stayed full for a second.
  boolean offer(Digest key) throws InterruptedException {
    if (threads.size() < slots) {
      Slot slot = new Slot();
      threads.add(slot);
      slot.start();
    }
    return queue.offer(key, 1, TimeUnit.SECONDS);
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
  private final class Slot {
    private final Thread thread =
        Thread.ofPlatform().daemon().name("job-slot").unstarted(this::work);
    private boolean inside;
    private boolean ending;

    void start() {
      thread.start();
    }

    synchronized void end() {
      ending = true;
      if (inside) {
        thread.interrupt();
      }
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
          boolean placed = false;
          try {
            batch.add(queue.take());
            places.acquire();
            placed = true;
          } finally {
            leave();
          }
          try {
            run(batch);
          } finally {
            places.release(placed ? 1 : 0);
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

    private void run(List<Digest> batch) throws InterruptedException {
      queue.drainTo(batch, Math.clamp(queue.size() / (2L * slots), 0, BATCH - 1));
      Task task = orders.task(batch);
      if (!enter()) {
        return;
      }
      try {
        executor.run(task, orders);
      } finally {
        leave();
      }
      orders.returned(batch);
    }
  }
}
