package dev.dassie.job.standing;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Disclosure;
import dev.dassie.job.Executor;
import dev.dassie.job.Recipes;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The process of a pipeline, for one version of its code and data: started again whenever it ends,
/// after pauses that grow, until it is told to end. Thread-safe.
final class Resident {
  private static final System.Logger LOG = System.getLogger("dassie.job");

  /// What all of them share.
  record Shared(Versions versions, Recipes recipes, Executor executor, Host host, Pace pace) {}

  /// What it runs.
  ///
  /// @param gate where it is reached from outside, if it is
  record Part(Recipes.Recipe recipe, View view, Optional<Gate> gate) {
    Optional<Running.Service> service() {
      return recipe.spec().running().service();
    }
  }

  private final Shared around;
  private final Part part;
  private final PipelineSpec spec;
  private final OpenCommits commits;
  private final Runnable whenSettled;
  private final Thread thread;

  /// Who must be gone before its process starts.
  private Optional<Resident> before;

  /// Of the process that runs; its own thread's.
  private Optional<Opening> opening = Optional.empty();

  private boolean inside;
  private boolean ending;
  private boolean tookOver;
  private boolean settled;
  private boolean forgetting;
  private boolean gone;
  private Status status;

  /// @param before the process of an older version, which must be gone first
  /// @param whenSettled called once, on any thread, when it is known whether it works: from then on
  ///   a newer version may replace it
  Resident(Shared around, Part part, Optional<Resident> before, Runnable whenSettled) {
    this.around = around;
    this.part = part;
    this.spec = part.recipe().spec();
    this.before = before;
    this.whenSettled = whenSettled;
    this.commits = new OpenCommits(around.versions(), spec.output());
    this.status = status(Status.State.STARTING, 0, "");
    this.thread =
        Thread.ofPlatform().daemon().name("resident-" + spec.repo()).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  Part part() {
    return part;
  }

  synchronized Status status() {
    return status;
  }

  /// Lets the process end soon, with all that it was to follow; returns at once.
  void end() {
    Optional<Resident> older;
    synchronized (this) {
      ending = true;
      notifyAll();
      if (inside) {
        thread.interrupt();
      }
      older = before;
    }
    older.ifPresent(Resident::end);
  }

  /// Makes way for a newer version, which gets whom it has to follow: this one, or where this one
  /// never came to its turn, the one before it, which runs on until then.
  Optional<Resident> passOn() {
    synchronized (this) {
      if (tookOver) {
        return Optional.of(this);
      }
      Optional<Resident> older = before;
      before = Optional.empty();
      ending = true;
      notifyAll();
      if (inside) {
        thread.interrupt();
      }
      return older;
    }
  }

  synchronized boolean isGone() {
    return gone;
  }

  /// Whether it is known whether it works.
  synchronized boolean isSettled() {
    return settled;
  }

  /// Lets what the process wrote go when it has ended; false where it has.
  synchronized boolean forgetAtEnd() {
    forgetting = true;
    return !gone;
  }

  /// Whether the process was gone within so long.
  boolean awaitEnd(Duration atMost) throws InterruptedException {
    return thread.getState() == Thread.State.NEW || thread.join(atMost);
  }

  private void work() {
    try {
      if (!isShown()) {
        succeed();
      }
      long lives = 0;
      for (long restarts = 0; !isEnding(); restarts++) {
        tell(status(Status.State.STARTING, restarts, ""));
        long start = System.nanoTime();
        Stay.End end = live(restarts);
        boolean healthy = System.nanoTime() - start >= around.pace().healthy().toNanos();
        lives = healthy ? 1 : lives + 1;
        settle();
        pause(around.pace().after(lives), restarts, end.reason());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leaveFor();
    }
  }

  /// Whether it shows data: then the one before it runs on until the data is prepared.
  private boolean isShown() {
    return spec.running() instanceof Running.Service;
  }

  private void leaveFor() {
    boolean forget;
    Optional<Resident> older;
    synchronized (this) {
      older = before;
    }
    try {
      if (older.isPresent()) {
        older.get().thread.join(); // it was told to end
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      before = Optional.empty();
      status = status(Status.State.STOPPED, 0, "");
      gone = true;
      forget = forgetting;
    }
    if (forget) {
      Standing.forgetLines(around.versions(), spec.repo());
    }
  }

  /// Takes the place of the one before, on the executor's thread or before it is called.
  private void succeed() throws InterruptedException {
    if (!enter()) {
      throw new InterruptedException();
    }
    try {
      takeOver();
    } finally {
      leave();
    }
  }

  /// New connections wait from here on; those of the one before it are answered, then it ends.
  private void takeOver() throws InterruptedException {
    Optional<Resident> older;
    synchronized (this) {
      if (ending) {
        throw new InterruptedException();
      }
      if (tookOver) {
        return;
      }
      tookOver = true;
      older = before;
    }
    if (older.isEmpty()) {
      return;
    }
    try {
      if (part.gate().isPresent()) {
        part.gate().get().hold();
        if (!part.gate().get().drain()) {
          LOG.log(System.Logger.Level.INFO, "Connections of " + spec.repo() + " are cut");
        }
      }
    } finally {
      older.get().end();
    }
    older.get().thread.join();
    synchronized (this) {
      before = Optional.empty();
    }
  }

  /// One life of the process. Commits that it leaves open fail.
  private Stay.End live(long restarts) throws InterruptedException {
    String token = around.host().tokens().issue(spec.repo());
    ProcessLog log =
        new ProcessLog(around.versions().metadata(), spec.repo(), around.versions().clock());
    Stay.End end = new Stay.End(-1, "");
    try {
      if (!isShown()) {
        commits.fail("The process that wrote it ended.");
      }
      end = run(token, log, restarts);
      log.say(end.reason());
      return end;
    } catch (DassieException e) {
      end = new Stay.End(-1, e.fault().message());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The process of " + spec.repo() + " failed", e);
      end = new Stay.End(-1, "A bug in Dassie ended the process: %s.".formatted(e));
    } finally {
      around.host().tokens().revoke(token);
      log.close();
      if (!isShown()) {
        commits.failQuietly("The process that wrote it ended.");
      }
    }
    return end;
  }

  private Stay.End run(String token, ProcessLog log, long restarts) throws InterruptedException {
    Task task = task(token);
    if (!enter()) {
      throw new InterruptedException();
    }
    try {
      return around
          .executor()
          .stay(
              task,
              new Stay() {
                @Override
                public void ready() throws InterruptedException {
                  takeOver();
                  part.service().ifPresent(Resident::refuseTaken);
                }

                @Override
                public void started() {
                  begun(restarts);
                }

                @Override
                public void wrote(byte[] bytes, int length) {
                  log.wrote(bytes, length);
                }
              });
    } finally {
      opening.ifPresent(Opening::close);
      opening = Optional.empty();
      leave();
    }
  }

  /// What listens there now is another program: connections would go to it.
  private static void refuseTaken(Running.Service service) {
    if (Knock.at(service.internalPort()).isPresent()) {
      throw new Fault.Conflict(
              "The port %d, where the code is to listen, is taken by another program of this machine."
                  .formatted(service.internalPort()),
              Optional.empty())
          .asException();
    }
  }

  private void begun(long restarts) {
    Optional<Running.Service> service = part.service();
    if (service.isEmpty() || part.gate().isEmpty()) {
      tell(status(Status.State.RUNNING, restarts, ""));
      return;
    }
    int port = service.get().internalPort();
    String reason = "The code does not take connections on port %d yet.".formatted(port);
    tell(status(Status.State.STARTING, restarts, reason));
    Opening.Listener listener =
        new Opening.Listener() {
          @Override
          public void opened() {
            tell(status(Status.State.RUNNING, restarts, ""));
          }

          @Override
          public void settled() {
            settle();
          }
        };
    opening = Optional.of(new Opening(port, part.gate().get(), listener));
  }

  private void settle() {
    synchronized (this) {
      if (settled) {
        return;
      }
      settled = true;
    }
    whenSettled.run();
  }

  private Task task(String token) {
    Map<String, String> env = new HashMap<>();
    env.put("PPS_PIPELINE_NAME", spec.name());
    env.put("PPS_PROJECT_NAME", spec.project());
    env.put("PPS_SPEC_COMMIT", part.recipe().commit().id().value());
    env.put("DASSIE_URL", around.host().url().toString());
    env.put("DASSIE_TOKEN", token);
    Filesets filesets = new Filesets(around.versions().chunks());
    Task.Item item = new Task.Item("", Digest.of(new byte[0]), part.view().parts(filesets));
    return new Task(
        0,
        spec.name(),
        spec.transform(),
        part.recipe().source(),
        around.executor().environment(spec.transform()),
        Disclosure.of(spec, around.recipes().secrets(spec)),
        env,
        List.of(item),
        new Task.Limits(1, Optional.empty(), 1, spec.resources()));
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

  private synchronized boolean isEnding() {
    return ending;
  }

  private synchronized void pause(Duration time, long restarts, String reason)
      throws InterruptedException {
    String when = "it starts again %d s later.".formatted(Math.max(1, time.toSeconds()));
    String sentence = reason.replaceFirst("\\.$", "") + "; " + when;
    status = status(Status.State.WAITING, restarts, sentence);
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toMillis(); !ending && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  private synchronized void tell(Status now) {
    status = now;
  }

  private Status status(Status.State state, long restarts, String reason) {
    Instant now = around.versions().clock().instant();
    return new Status(state, now, restarts, reason, Optional.empty(), part.view().commits());
  }
}
