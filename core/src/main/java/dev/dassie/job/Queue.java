package dev.dassie.job;

import dev.dassie.fault.DassieException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The jobs that wait or run, and trials, in the order of their next turns. Thread-safe.
public final class Queue {
  private static final int MOST = 1_000;

  private final Engine engine;
  private final Jobs jobs;

  public Queue(Scheduler scheduler, Jobs jobs) {
    this.engine = scheduler.engine();
    this.jobs = jobs;
  }

  /// One of them.
  ///
  /// @param job absent for a trial
  /// @param position where its next turn comes, from 1; nothing where it waits for none
  /// @param running tasks that it has with the executor
  /// @param waiting tasks that it has ready and that wait for a turn
  /// @param reason one sentence: why it does not go on faster
  public record Item(
      JobName name,
      Optional<Job> job,
      JobClass kind,
      int weight,
      Optional<Integer> position,
      int running,
      int waiting,
      String reason) {}

  /// The places of the executor, on which tasks take turns.
  ///
  /// @param all that there are
  /// @param used that are taken
  /// @param reserved besides, for what a person waits at
  /// @param waiting tasks that wait for a turn
  public record Places(int all, int used, int reserved, int waiting) {}

  public Places places() {
    return engine.turns().load();
  }

  /// All of them: those that wait for turns in their order, then those that have all the turns they
  /// want, then those that wait for something else, oldest first. At most 1,000 jobs.
  public List<Item> items() {
    Map<JobName, Job> live = new HashMap<>();
    List<Job> ordered = jobs.live(MOST);
    ordered.forEach(job -> live.put(job.name(), job));
    List<Item> items = new ArrayList<>();
    for (Turns.Standing standing : engine.turns().standings()) {
      Optional<Job> job = Optional.ofNullable(live.remove(standing.claim().job()));
      items.add(
          new Item(
              standing.claim().job(),
              job,
              standing.claim().kind(),
              standing.claim().weight(),
              standing.position(),
              standing.held(),
              standing.waiting(),
              reason(standing)));
    }
    for (Job job : ordered) {
      if (live.containsKey(job.name())) {
        items.add(idle(job));
      }
    }
    return items;
  }

  private String reason(Turns.Standing standing) {
    Claim claim = standing.claim();
    if (standing.position().isEmpty()) {
      return "It has the turns that it wants.";
    }
    return ("All %d places are taken; it is number %d of those who wait (class `%s`, project `%s`"
            + " of weight %d).")
        .formatted(
            engine.turns().places(),
            standing.position().get(),
            claim.kind().word(),
            claim.job().project(),
            claim.weight());
  }

  private Item idle(Job job) {
    JobClass kind = kind(job);
    int weight = Claim.of(engine.versions(), job.name(), kind).weight();
    String reason =
        job.state() == Job.State.WAITING
            ? jobs.find(job.name()).map(Job::reason).orElse("")
            : "It is being planned, or writes its output.";
    return new Item(job.name(), Optional.of(job), kind, weight, Optional.empty(), 0, 0, reason);
  }

  private JobClass kind(Job job) {
    try {
      return JobClass.of(engine, engine.recipes().of(job.spec()).spec(), jobs.before(job));
    } catch (DassieException e) {
      return JobClass.NORMAL; // its version is not there any more: it will fail
    }
  }
}
