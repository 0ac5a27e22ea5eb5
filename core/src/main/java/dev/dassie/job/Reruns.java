package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.bucket.Grant;
import dev.dassie.job.bucket.Grants;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/// Runs datums of a recorded job again, on its own inputs, spec and code, away from every branch:
/// nothing of it is recorded. Thread-safe.
public final class Reruns {
  /// Questions that run code at once; others wait.
  private static final int AT_ONCE = 2;

  private static final int EACH = 16;
  private static final Duration TURN = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofSeconds(2);

  private final Versions versions;
  private final Recipes recipes;
  private final Executor executor;
  private final Grants grants;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  public Reruns(Versions versions, Recipes recipes, Executor executor, Grants grants) {
    this.versions = versions;
    this.recipes = recipes;
    this.executor = executor;
    this.grants = grants;
  }

  /// What the code of the job would run on now.
  public Environment environment(Job job) {
    return recipes.environment(executor, recipes.of(job.spec()).spec());
  }

  /// Runs the datums in groups and hands out their endings, on the calling thread, in order. What
  /// they left can be read until this returns. What `beat` or `to` throws ends what runs.
  /// `Fault.NotFound` where an input is not there any more, `Fault.Conflict` where others are run
  /// already and do not end within a minute.
  ///
  /// @param beat called every two seconds while code runs
  public void run(
      Job job, Iterator<PlannedDatum> datums, BiConsumer<PlannedDatum, Ending> to, Runnable beat)
      throws InterruptedException {
    Recipes.Recipe recipe = recipes.of(job.spec());
    JobInputs inputs = JobInputs.of(versions, job);
    for (int i = 0; i < inputs.sources().size(); i++) {
      Job.Source source = inputs.sources().get(i);
      if (source.commit().isPresent() && inputs.files().get(i).isEmpty()) {
        throw new Fault.NotFound(
                "input of the job `%s`".formatted(job.name()),
                source.commit().get().toString(),
                Optional.of("Without it the job cannot be run again."))
            .asException();
      }
    }
    Environment environment = recipes.environment(executor, recipe.spec());
    Disclosure secrets = Disclosure.of(recipe.spec(), recipes.secrets(recipe.spec()));
    int slots =
        Math.clamp(recipe.spec().parallelism(), 1, Runtime.getRuntime().availableProcessors());
    if (!turns.tryAcquire(TURN.toSeconds(), TimeUnit.SECONDS)) {
      throw new Fault.Conflict(
              "%d commits are being run again already; no more at once.".formatted(AT_ONCE),
              Optional.of("Try again when one of them has ended."))
          .asException();
    }
    Optional<Grant> grant = Optional.empty();
    try (ChunkStore.Hold _ = versions.chunks().hold()) {
      grant = inputs.grant(versions, grants, recipe.spec(), job.name());
      Filesets filesets = new Filesets(versions.chunks());
      Tasks tasks = new Tasks(job.name(), recipe, inputs, environment, secrets, filesets, grant);
      while (datums.hasNext()) {
        List<PlannedDatum> group = new ArrayList<>();
        while (datums.hasNext() && group.size() < slots * EACH) {
          group.add(datums.next());
        }
        Map<Digest, Ending> endings = group(tasks, group, slots, beat);
        for (PlannedDatum datum : group) {
          to.accept(datum, Optional.ofNullable(endings.get(datum.key())).orElseThrow());
        }
      }
    } finally {
      grant.ifPresent(Grant::close);
      turns.release();
    }
  }

  /// Runs each computation of a group once, in some threads.
  private Map<Digest, Ending> group(Tasks tasks, List<PlannedDatum> group, int slots, Runnable beat)
      throws InterruptedException {
    Map<Digest, PlannedDatum> distinct = new LinkedHashMap<>();
    group.forEach(datum -> distinct.putIfAbsent(datum.key(), datum));
    List<PlannedDatum> all = List.copyOf(distinct.values());
    Kept kept = new Kept();
    AtomicReference<Optional<RuntimeException>> trouble = new AtomicReference<>(Optional.empty());
    List<Thread> threads = new ArrayList<>();
    int each = Math.max(1, (all.size() + slots - 1) / slots);
    for (int from = 0; from < all.size(); from += each) {
      Task task = tasks.of(0, all.subList(from, Math.min(all.size(), from + each)));
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("rerun")
              .start(() -> {
                try {
                  executor.run(task, kept);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                  trouble.set(Optional.of(e));
                }
              }));
    }
    try {
      for (Thread thread : threads) {
        while (!thread.join(BEAT)) {
          beat.run();
        }
      }
    } finally {
      threads.forEach(Thread::interrupt);
    }
    if (trouble.get().isPresent()) {
      throw trouble.get().get();
    }
    if (kept.endings.size() < all.size()) {
      throw new Fault.Unavailable("The executor `%s`".formatted(executor.name()), "it is ending")
          .asException();
    }
    return kept.endings;
  }

  /// Keeps what the executor reports.
  private static final class Kept implements Report {
    private final Map<Digest, Ending> endings = new ConcurrentHashMap<>();

    @Override
    public boolean started(long lease, Digest key) {
      return true;
    }

    @Override
    public boolean done(long lease, Digest key, Ending ending) {
      endings.put(key, ending);
      return true;
    }
  }
}
