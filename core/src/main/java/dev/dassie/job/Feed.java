package dev.dassie.job;

import dev.dassie.content.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides datum by datum whether there is a result already, another job is at it, or it must run,
/// and sends it there. Used by the thread of the job.
final class Feed {
  private static final int GROUP = 256;
  private static final int MAX_DEFERRED = 10_000;

  private final Engine engine;
  private final JobName job;
  private final Digest context;
  private final boolean resumed;
  private final Progress progress;
  private final Run run;
  private final Crew crew;
  private final Reuse reuse;
  private final long deadline;
  private final Deque<Work.Changed> deferred = new ArrayDeque<>();

  /// Takes the output of a datum that had a result.
  interface Reuse {
    void add(Work.Changed datum, Result result);
  }

  /// @param resumed whether an earlier server ran the job already
  Feed(
      Engine engine,
      JobName job,
      Digest context,
      boolean resumed,
      Progress progress,
      Run run,
      Crew crew,
      Reuse reuse,
      long deadline) {
    this.engine = engine;
    this.job = job;
    this.context = context;
    this.resumed = resumed;
    this.progress = progress;
    this.run = run;
    this.crew = crew;
    this.reuse = reuse;
    this.deadline = deadline;
  }

  /// Sends everything on its way, or returns early when the run is to stop.
  void all(Work work) throws InterruptedException {
    work.each(
        GROUP,
        group -> {
          if (goesOn()) {
            send(group.stream().filter(datum -> datum.now().isPresent()).toList());
            while (deferred.size() > MAX_DEFERRED && goesOn()) {
              retry();
            }
          }
        });
    while (!deferred.isEmpty() && goesOn()) {
      retry();
    }
  }

  /// Whether the run is to go on.
  private boolean goesOn() {
    return progress.halted().isEmpty() && deadline - System.nanoTime() > 0;
  }

  /// Looks again at datums that another job was at.
  private void retry() throws InterruptedException {
    Work.Changed first = deferred.getFirst();
    if (engine.locks().awaitRelease(first.now().orElseThrow().key(), job)) {
      List<Work.Changed> group = new ArrayList<>();
      while (!deferred.isEmpty() && group.size() < GROUP) {
        group.add(deferred.removeFirst());
      }
      send(group);
    }
  }

  private void send(List<Work.Changed> group) throws InterruptedException {
    List<Work.Changed> missing = withoutEnding(withoutResult(group));
    List<Work.Changed> mine = new ArrayList<>();
    for (Work.Changed datum : missing) {
      if (engine.locks().acquire(key(datum), job)) {
        mine.add(datum);
      } else {
        deferred.add(datum);
      }
    }
    // Between the look and the lock another job may have come to an end with it.
    List<Work.Changed> toRun = withoutResult(mine);
    List<Digest> keys = toRun.stream().map(Feed::key).toList();
    Set<Digest> locked = new HashSet<>(keys);
    mine.stream()
        .map(Feed::key)
        .filter(key -> !locked.contains(key))
        .forEach(engine.locks()::release);
    for (int i = 0; i < toRun.size(); i++) {
      if (!start(toRun.get(i))) {
        keys.subList(i, keys.size()).forEach(engine.locks()::release);
        return;
      }
    }
  }

  private boolean start(Work.Changed datum) throws InterruptedException {
    boolean begun = false;
    while (!begun && goesOn()) {
      begun = run.begin(datum);
    }
    while (begun && goesOn()) {
      if (crew.offer(key(datum))) {
        return true;
      }
    }
    // A datum that has begun is given back with the run.
    return begun;
  }

  /// Those that have no result; the others are done with.
  private List<Work.Changed> withoutResult(List<Work.Changed> group) {
    if (group.isEmpty()) {
      return group;
    }
    Map<Digest, Result> found = engine.results().find(group.stream().map(Feed::key).toList());
    List<Work.Changed> missing = new ArrayList<>();
    long own = 0;
    for (Work.Changed datum : group) {
      Optional<Result> result = Optional.ofNullable(found.get(key(datum)));
      if (result.isEmpty()) {
        missing.add(datum);
      } else {
        own += result.get().context().equals(context) ? 1 : 0;
        reuse.add(datum, result.get());
      }
    }
    progress.reused(own, group.size() - missing.size() - own);
    return missing;
  }

  /// Those that have not failed or recovered in this job before a restart.
  private List<Work.Changed> withoutEnding(List<Work.Changed> group) {
    if (group.isEmpty() || (!resumed && progress.counts().failed() == 0)) {
      return group;
    }
    Map<Digest, Result> endings = new HashMap<>();
    engine
        .metadata()
        .read(rows -> {
          group.forEach(datum ->
              FailedRows.find(rows, job, key(datum))
                  .ifPresent(result -> endings.put(key(datum), result)));
          return endings.size();
        });
    List<Work.Changed> rest = new ArrayList<>();
    for (Work.Changed datum : group) {
      Optional<Result> ending = Optional.ofNullable(endings.get(key(datum)));
      ending.ifPresentOrElse(
          result -> progress.ended(datum.order(), result), () -> rest.add(datum));
    }
    return rest;
  }

  private static Digest key(Work.Changed datum) {
    return datum.now().orElseThrow().key();
  }
}
