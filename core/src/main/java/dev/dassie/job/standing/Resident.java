package dev.dassie.job.standing;

import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.job.Disclosure;
import dev.dassie.job.Executor;
import dev.dassie.job.Recipes;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The process of a spout, for one version of its pipeline: started again whenever it ends, after
/// pauses that grow, until it is told to end. Thread-safe.
final class Resident {
  private static final System.Logger LOG = System.getLogger("dassie.job");

  /// What all of them share.
  record Shared(Versions versions, Recipes recipes, Executor executor, Host host, Pace pace) {}

  private final Shared around;
  private final Recipes.Recipe recipe;
  private final OpenCommits commits;
  private final Thread thread;
  private boolean inside;
  private boolean ending;
  private boolean forgetting;
  private boolean gone;
  private Status status;

  /// @param before the process of an older version, which must be gone first
  Resident(Shared around, Recipes.Recipe recipe, Optional<Resident> before) {
    this.around = around;
    this.recipe = recipe;
    this.commits = new OpenCommits(around.versions(), recipe.spec().output());
    this.status = status(Status.State.STARTING, 0, "");
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("resident-" + recipe.spec().repo())
            .unstarted(() -> work(before));
  }

  void start() {
    thread.start();
  }

  /// The version that it runs.
  Recipes.Recipe recipe() {
    return recipe;
  }

  synchronized Status status() {
    return status;
  }

  /// Lets the process end soon; returns at once.
  synchronized void end() {
    ending = true;
    notifyAll();
    if (inside) {
      thread.interrupt();
    }
  }

  synchronized boolean isGone() {
    return gone;
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

  private void work(Optional<Resident> before) {
    try {
      if (before.isPresent()) {
        before.get().thread.join();
      }
      long lives = 0;
      for (long restarts = 0; !isEnding(); restarts++) {
        tell(status(Status.State.STARTING, restarts, ""));
        long start = System.nanoTime();
        Stay.End end = live(restarts);
        boolean healthy = System.nanoTime() - start >= around.pace().healthy().toNanos();
        lives = healthy ? 1 : lives + 1;
        pause(around.pace().after(lives), restarts, end.reason());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leaveFor();
    }
  }

  private void leaveFor() {
    boolean forget;
    synchronized (this) {
      status = status(Status.State.STOPPED, 0, "");
      gone = true;
      forget = forgetting;
    }
    if (forget) {
      Standing.forgetLines(around.versions(), recipe.spec().repo());
    }
  }

  /// One life of the process. Commits that it leaves open fail.
  private Stay.End live(long restarts) throws InterruptedException {
    PipelineSpec spec = recipe.spec();
    String token = around.host().tokens().issue(spec.repo());
    ProcessLog log =
        new ProcessLog(around.versions().metadata(), spec.repo(), around.versions().clock());
    Stay.End end = new Stay.End(-1, "");
    try {
      commits.fail("The process that wrote it ended.");
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
      commits.failQuietly("The process that wrote it ended.");
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
                public void started() {
                  tell(status(Status.State.RUNNING, restarts, ""));
                }

                @Override
                public void wrote(byte[] bytes, int length) {
                  log.wrote(bytes, length);
                }
              });
    } finally {
      leave();
    }
  }

  private Task task(String token) {
    PipelineSpec spec = recipe.spec();
    Map<String, String> env = new HashMap<>();
    env.put("PPS_PIPELINE_NAME", spec.name());
    env.put("PPS_PROJECT_NAME", spec.project());
    env.put("PPS_SPEC_COMMIT", recipe.commit().id().value());
    env.put("DASSIE_URL", around.host().url().toString());
    env.put("DASSIE_TOKEN", token);
    Task.Item item = new Task.Item("", Digest.of(new byte[0]), List.of());
    return new Task(
        0,
        spec.name(),
        spec.transform(),
        recipe.source(),
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
    return new Status(state, now, restarts, reason, Optional.empty());
  }
}
