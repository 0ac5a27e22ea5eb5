package dev.dassie.job.worker;

import dev.dassie.content.Digest;
import dev.dassie.content.FarPacks;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Environment;
import dev.dassie.job.Executor;
import dev.dassie.job.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A worker from when it joined until the server forgets it, or it leaves: its slots, what they
/// have, and the beats that keep it.
final class Membership {
  private static final System.Logger LOG = System.getLogger("dassie.worker");
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// Facts of an environment that the server adds to those of its executor.
  private static final List<String> ADDED = List.of("secret ", "output ");

  private final Dispatcher server;
  private final Executor executor;
  private final FarPacks packs;
  private final Joining said;
  private final String id;
  private final Terms terms;
  private final Map<Long, LeaseRun> leases = new ConcurrentHashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Thread beating;

  /// One report at a time, so that what names chunks never overtakes the packs that hold them.
  private final Object reporting = new Object();

  /// Packs that the server did not take with the report that named them.
  private List<String> untold = List.of();

  private volatile long heard = System.nanoTime();
  private volatile boolean over;
  private volatile boolean leaving;

  Membership(
      Dispatcher server,
      Executor executor,
      FarPacks packs,
      Joining said,
      Dispatcher.Joined joined) {
    this.server = server;
    this.executor = executor;
    this.packs = packs;
    this.said = said;
    this.id = joined.id();
    this.terms = joined.terms();
    FarPacks.Fresh _ = packs.fresh(); // of a membership before: nobody will name its packs
    this.beating = Thread.ofVirtual().name("worker-beat").unstarted(this::beat);
    for (int i = 0; i < said.slots(); i++) {
      slots.add(new Slot(i));
    }
  }

  /// Returns when the membership is over.
  void work() throws InterruptedException {
    beating.start();
    slots.forEach(slot -> slot.thread.start());
    for (Slot slot : slots) {
      slot.thread.join();
    }
    boolean forgotten = over;
    over = true;
    beating.interrupt();
    beating.join();
    if (!forgotten) {
      try {
        server.leave(id);
      } catch (DassieException e) {
        LOG.log(System.Logger.Level.WARNING, e.fault().message());
      }
    }
  }

  /// The datums that run may end within this time.
  void drain(Duration grace) {
    leaving = true;
    leases.values().forEach(LeaseRun::stop);
    slots.forEach(Slot::wake);
    Thread.ofVirtual()
        .name("worker-grace")
        .start(() -> {
          try {
            Thread.sleep(grace);
            leases.values().forEach(LeaseRun::cancel);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void end(String why) {
    if (!over) {
      over = true;
      LOG.log(System.Logger.Level.WARNING, why + " What runs here is given up.");
    }
    leases.values().forEach(LeaseRun::cancel);
    slots.forEach(Slot::wake);
  }

  private void beat() {
    try {
      while (!over) {
        try {
          List<Long> held = List.copyOf(leases.keySet());
          List<Long> gone = server.beat(id, held, leaving, terms.beat());
          heard = System.nanoTime();
          gone.forEach(lease -> Optional.ofNullable(leases.get(lease)).ifPresent(LeaseRun::cancel));
        } catch (DassieException e) {
          missed(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the slots have ended
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The beats of the worker ended", e);
      end("A bug ended the membership.");
    }
  }

  /// A call to the server failed: it has forgotten the worker, or is away; after as long as a lease
  /// lasts it has surely given away what is here.
  private void missed(DassieException e) throws InterruptedException {
    if (!(e.fault() instanceof Fault.Unavailable)) {
      end(e.fault().message());
    } else if (System.nanoTime() - heard > terms.lease().toNanos()) {
      end("The server was away for %d s.".formatted(terms.lease().toSeconds()));
    } else {
      leases.values().forEach(LeaseRun::stop); // what ends now may never be reported
      Thread.sleep(PAUSE);
    }
  }

  /// Takes one task after another. It is interrupted only while it waits for one.
  private final class Slot {
    private final Thread thread;
    private boolean waits;

    Slot(int number) {
      this.thread =
          Thread.ofPlatform().daemon().name("worker-slot-" + number).unstarted(this::take);
    }

    synchronized void wake() {
      if (waits) {
        thread.interrupt();
      }
    }

    private synchronized boolean waits(boolean now) {
      waits = now && !over && !leaving;
      boolean _ = !waits && Thread.interrupted();
      return waits;
    }

    private void take() {
      while (waits(true)) {
        Optional<Work> work = Optional.empty();
        try {
          work = server.claim(id, terms.patience());
        } catch (InterruptedException e) {
          continue; // it is to end
        } catch (DassieException e) {
          try {
            missed(e);
          } catch (InterruptedException ended) {
            continue;
          }
        } finally {
          boolean _ = waits(false);
        }
        work.ifPresent(Membership.this::perform);
      }
    }
  }

  private void perform(Work work) {
    LeaseRun run = new LeaseRun(work.lease(), this::report, Thread.currentThread());
    leases.put(work.lease(), run);
    Optional<String> lack = Optional.empty();
    Optional<String> trouble = Optional.empty();
    try {
      Task task = work.task();
      lack = lack(task);
      if (lack.isEmpty() && !leaving && !over) {
        packs.expect(chunks(task));
        run(task.on(executor.environment(task.transform()).exposed()), run);
      }
    } catch (DassieException e) {
      trouble = Optional.of(e.fault().message());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "A task failed", e);
      trouble = Optional.of("A bug in the worker: %s.".formatted(e));
    } finally {
      run.finish(lack, trouble);
      leases.remove(work.lease());
    }
    lack.ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
    trouble.ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
  }

  private void run(Task task, LeaseRun run) {
    if (!run.enter()) {
      return;
    }
    try {
      executor.run(task, run);
    } catch (InterruptedException e) {
      return; // it was cancelled, and what ran has ended
    } finally {
      run.leave();
    }
  }

  /// Why the datums of a task are not those of this host: its key says what code ran on.
  private Optional<String> lack(Task task) {
    List<String> theirs =
        task.environment().facts().stream()
            .filter(fact -> ADDED.stream().noneMatch(fact::startsWith))
            .toList();
    Environment mine;
    try {
      mine = executor.environment(task.transform());
    } catch (DassieException e) {
      return Optional.of(
          "The worker `%s` cannot run `%s`: %s"
              .formatted(said.name(), task.pipeline(), e.fault().message()));
    }
    if (mine.facts().equals(theirs)) {
      return Optional.empty();
    }
    List<String> other =
        theirs.stream().filter(fact -> !mine.facts().contains(fact)).limit(1).toList();
    return Optional.of(
        "The worker `%s` cannot run `%s`: its datums are of %s, and here that is %s."
            .formatted(
                said.name(),
                task.pipeline(),
                other.isEmpty() ? "`" + theirs + "`" : "`" + other.getFirst() + "`",
                "`" + String.join("`, `", mine.facts()) + "`"));
  }

  private static List<Digest> chunks(Task task) {
    List<Digest> chunks = new ArrayList<>();
    task.source().flatMap(SharedExecutor::chunk).ifPresent(chunks::add);
    for (Task.Item item : task.items()) {
      for (Task.Part part : item.parts()) {
        if (!part.emptyFiles()) {
          SharedExecutor.chunk(part.match()).ifPresent(chunks::add);
        }
      }
    }
    return chunks;
  }

  private boolean report(
      long lease,
      List<Results.One> ended,
      boolean end,
      Optional<String> lack,
      Optional<String> trouble) {
    synchronized (reporting) {
      FarPacks.Fresh fresh = packs.fresh();
      List<String> told = new ArrayList<>(untold);
      told.addAll(fresh.packs());
      untold = told;
      Results results = new Results(told, fresh.borrowed(), ended, end, lack, trouble);
      while (true) {
        try {
          boolean goes = server.report(id, lease, results);
          heard = System.nanoTime();
          untold = List.of();
          return goes;
        } catch (DassieException e) {
          if (!(e.fault() instanceof Fault.Unavailable) || !again()) {
            LOG.log(System.Logger.Level.WARNING, e.fault().message());
            Optional.ofNullable(leases.get(lease)).ifPresent(LeaseRun::cancel);
            return false;
          }
        }
      }
    }
  }

  /// Waits a little; false where it is too late for a report.
  private boolean again() {
    leases.values().forEach(LeaseRun::stop);
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !over && System.nanoTime() - heard <= terms.lease().toNanos();
  }
}
