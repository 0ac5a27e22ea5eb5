package dev.dassie.job.standing;

import dev.dassie.fault.DassieException;
import dev.dassie.job.Executor;
import dev.dassie.job.Recipes;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Running;
import dev.dassie.version.Event;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps one process for each spout that is not stopped: follows the feed, and starts, replaces and
/// ends processes as pipelines come, change and go. Thread-safe.
public final class Standing implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int EVENTS = 1_000;
  private static final int PAGE = 1_000;
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(6);

  private final Versions versions;
  private final Pipelines pipelines;
  private final Recipes recipes;
  private final Executor executor;
  private final Pace pace;
  private final Map<RepoName, Resident> residents = new HashMap<>();

  /// Processes that were told to end.
  private final Map<RepoName, Resident> leaving = new HashMap<>();

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
    return Optional.ofNullable(residents.get(output)).map(Resident::status);
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
          for (Event.Positioned one : events) {
            handle(one.event());
          }
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

  private void handle(Event event) {
    if (event.kind().startsWith("pipeline.")) {
      String name = event.details().getOrDefault("pipeline", "");
      RepoName output = new RepoName(event.project(), name);
      reconcile(output, pipelines.find(event.project(), name));
    }
  }

  /// Makes the process of a pipeline what its newest version says.
  private void reconcile(RepoName output, Optional<Pipeline> now) {
    Optional<Pipeline> wanted =
        now.filter(pipeline -> pipeline.state() == Pipeline.State.RUNNING)
            .filter(pipeline -> pipeline.spec().running() instanceof Running.Spout);
    Optional<Recipes.Recipe> recipe = wanted.map(pipeline -> recipes.of(pipeline.specCommit()));
    synchronized (this) {
      Optional<Resident> old = Optional.ofNullable(residents.get(output));
      boolean same =
          old.isPresent()
              && recipe.isPresent()
              && old.get().recipe().commit().equals(recipe.get().commit());
      if (same || closing) {
        return;
      }
      old.ifPresent(resident -> leave(output, resident));
      recipe.ifPresent(version -> settle(output, version));
    }
    if (now.isEmpty()) {
      forget(output);
    }
  }

  private void leave(RepoName output, Resident resident) {
    resident.end();
    residents.remove(output);
    leaving.put(output, resident);
  }

  private void settle(RepoName output, Recipes.Recipe recipe) {
    Resident resident =
        new Resident(
            new Resident.Shared(versions, recipes, executor, host.orElseThrow(), pace),
            recipe,
            Optional.ofNullable(leaving.remove(output)));
    residents.put(output, resident);
    resident.start();
  }

  /// What a pipeline that is gone has left: its process, if it is still ending, takes it along.
  private void forget(RepoName output) {
    Optional<Resident> last;
    synchronized (this) {
      leaving.values().removeIf(Resident::isGone);
      last = Optional.ofNullable(leaving.get(output));
    }
    if (last.isEmpty() || !last.get().forgetAtEnd()) {
      forgetLines(versions, output);
    }
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
      ending = new ArrayList<>(leaving.values());
      ending.addAll(residents.values());
      ending.forEach(Resident::end);
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
