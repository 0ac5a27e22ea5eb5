package dev.dassie.job.standing;

import dev.dassie.fault.DassieException;
import dev.dassie.job.Executor;
import dev.dassie.job.Recipes;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Running;
import dev.dassie.version.Event;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps one process for each spout and service that is not stopped: follows the feed, and starts,
/// replaces and ends processes as pipelines come, change and go, and as the data of services
/// changes. Thread-safe.
public final class Standing implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int EVENTS = 1_000;

  /// Kinds of events that may change what a branch shows.
  private static final Set<String> DATA =
      Set.of(
          Event.COMMIT_FINISHED,
          Event.COMMIT_FAILED,
          Event.COMMIT_DELETED,
          Event.BRANCH_CREATED,
          Event.BRANCH_CHANGED,
          Event.BRANCH_MOVED,
          Event.BRANCH_DELETED,
          Event.TAG_CREATED,
          Event.TAG_DELETED,
          Event.REPO_DELETED);

  private static final int PAGE = 1_000;
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(6);

  private final Versions versions;
  private final Pipelines pipelines;
  private final Recipes recipes;
  private final Executor executor;
  private final Pace pace;
  private final Map<RepoName, Seat> seats = new HashMap<>();

  /// The repos that services read, each with those who do. Used by the follower alone.
  private final Map<RepoName, Set<RepoName>> readers = new HashMap<>();

  private final Thread follower;
  private Optional<Host> host = Optional.empty();
  private boolean waiting;
  private boolean closing;

  public Standing(
      Versions versions, Pipelines pipelines, Recipes recipes, Executor executor, Pace pace) {
    this.versions = versions;
    this.pipelines = pipelines;
    this.recipes = recipes;
    this.executor = executor;
    this.pace = pace;
    this.follower = Thread.ofVirtual().name("standing").unstarted(this::follow);
  }

  /// Starts the processes of all pipelines, for a server that they can reach.
  public synchronized void start(Host on) {
    host = Optional.of(on);
    follower.start();
  }

  /// How the process of a pipeline does; nothing where it has none.
  public synchronized Optional<Status> status(RepoName output) {
    return Optional.ofNullable(seats.get(output)).flatMap(Seat::status);
  }

  /// Some lines that processes of a pipeline wrote, behind a position (-1 for the first), oldest
  /// first; none at the end.
  public List<ProcessLine> lines(RepoName output, long position) {
    return versions.metadata().read(rows -> LogTable.after(rows, output, position));
  }

  private void follow() {
    try {
      long cursor = versions.position();
      boolean begun = false;
      while (!isClosing()) {
        try {
          if (!begun) {
            forgetOld();
            all();
            begun = true;
          }
          List<Event.Positioned> events = versions.events(cursor, EVENTS);
          handle(events);
          cursor = events.isEmpty() ? cursor : events.getLast().position();
          if (events.isEmpty()) {
            await(cursor);
          }
        } catch (DassieException e) {
          LOG.log(System.Logger.Level.ERROR, "Processes that stay could not be looked at", e);
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "Processes that stay are not looked after any more", e);
    }
  }

  /// Only here it may be interrupted: an interrupt elsewhere could close files that others read.
  private void await(long cursor) throws InterruptedException {
    synchronized (this) {
      if (closing) {
        return;
      }
      waiting = true;
    }
    try {
      long _ = versions.metadata().awaitAfter(cursor, WAIT);
    } finally {
      synchronized (this) {
        waiting = false;
      }
    }
  }

  private synchronized void pause() throws InterruptedException {
    long until = System.nanoTime() + RETRY.toNanos();
    for (long left = RETRY.toMillis(); !closing && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private void all() {
    String cursor = "";
    Optional<String> next = Optional.of(cursor);
    while (next.isPresent()) {
      Page<Pipeline> page = pipelines.list(Optional.empty(), next.get(), PAGE);
      page.items().forEach(pipeline -> reconcile(pipeline.spec().repo(), Optional.of(pipeline)));
      next = page.next();
    }
  }

  private void handle(List<Event.Positioned> events) {
    Set<RepoName> touched = new LinkedHashSet<>();
    for (Event.Positioned one : events) {
      Event event = one.event();
      if (event.kind().startsWith("pipeline.")) {
        touched.add(new RepoName(event.project(), event.details().getOrDefault("pipeline", "")));
      } else if (DATA.contains(event.kind())) {
        event.repoName().map(readers::get).ifPresent(touched::addAll);
      }
    }
    for (RepoName output : touched) {
      reconcile(output, pipelines.find(output.project(), output.name()));
    }
  }

  /// Makes the process of a pipeline what its newest version says, with the newest data.
  private void reconcile(RepoName output, Optional<Pipeline> now) {
    Optional<Recipes.Recipe> recipe =
        now.filter(pipeline -> pipeline.state() == Pipeline.State.RUNNING)
            .filter(pipeline -> pipeline.spec().running().stays())
            .map(pipeline -> recipes.of(pipeline.specCommit()));
    Optional<PipelineSpec> service =
        recipe.map(Recipes.Recipe::spec).filter(spec -> spec.running() instanceof Running.Service);
    readers.values().forEach(those -> those.remove(output));
    readers.values().removeIf(Set::isEmpty);
    service.ifPresent(spec ->
        spec.input()
            .branches()
            .forEach(branch ->
                readers.computeIfAbsent(branch.repo(), _ -> new HashSet<>()).add(output)));
    View.Found found =
        service.map(spec -> View.of(versions, spec.input())).orElse(new View.Whole(View.NONE));
    synchronized (this) {
      if (closing) {
        return;
      }
      if (recipe.isPresent()) {
        seats.computeIfAbsent(output, this::seat).want(recipe.get(), found);
      } else {
        Optional.ofNullable(seats.get(output)).ifPresent(Seat::leave);
      }
    }
    if (now.isEmpty()) {
      forget(output);
    }
    synchronized (this) {
      seats.values().removeIf(Seat::isVacant);
    }
  }

  private Seat seat(RepoName output) {
    Resident.Shared around =
        new Resident.Shared(versions, recipes, executor, host.orElseThrow(), pace);
    return new Seat(around, () -> settled(output));
  }

  private synchronized void settled(RepoName output) {
    if (!closing) {
      Optional.ofNullable(seats.get(output)).ifPresent(Seat::settled);
    }
  }

  /// What a pipeline that is gone has left: its process, if it is still ending, takes it along.
  private void forget(RepoName output) {
    Optional<Seat> seat;
    synchronized (this) {
      seat = Optional.ofNullable(seats.get(output));
      if (seat.filter(Seat::forgetAtEnd).isPresent()) {
        return;
      }
    }
    forgetLines(versions, output);
  }

  static void forgetLines(Versions versions, RepoName output) {
    boolean more = true;
    while (more) {
      more = versions.metadata().write(rows -> LogTable.forget(rows, output));
    }
  }

  /// Takes out what a server that was killed has left of pipelines that are gone.
  private void forgetOld() {
    Optional<RepoName> at =
        versions.metadata().read(rows -> LogTable.pipeline(rows, Optional.empty()));
    while (at.isPresent()) {
      RepoName output = at.get();
      if (pipelines.find(output.project(), output.name()).isEmpty()) {
        forgetLines(versions, output);
      }
      at = versions.metadata().read(rows -> LogTable.pipeline(rows, Optional.of(output)));
    }
  }

  /// Ends all processes, within seconds; the next start of the server starts them again.
  @Override
  public void close() {
    List<Resident> ending;
    synchronized (this) {
      closing = true;
      notifyAll();
      ending = new ArrayList<>();
      for (Seat seat : seats.values()) {
        seat.leave();
        ending.addAll(seat.residents());
      }
      if (waiting) {
        follower.interrupt();
      }
    }
    long deadline = System.nanoTime() + CLOSING.toNanos();
    try {
      for (Resident resident : ending) {
        long left = Math.max(1, deadline - System.nanoTime());
        boolean _ = resident.awaitEnd(Duration.ofNanos(left));
      }
      if (follower.getState() != Thread.State.NEW) {
        boolean _ = follower.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
