package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Body;
import dev.dassie.job.Ending;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Runs the datums of a task and reports them. They run on a thread of their own, so that a refused
/// report can interrupt them without interrupting the caller.
public final class TaskThread {
  /// A datum that took longer is reported at once rather than with others.
  private static final Duration QUICK = Duration.ofMillis(20);

  private final Task task;
  private final Report report;
  private final ChunkStore.Session session;
  private Optional<RuntimeException> failure = Optional.empty();

  /// @param session where outputs and logs go
  public TaskThread(Task task, Report report, ChunkStore.Session session) {
    this.task = task;
    this.report = report;
    this.session = session;
  }

  /// Returns when every datum is reported or the report told it to stop; an interrupt ends what
  /// runs.
  ///
  /// @param runs makes what runs the datums
  public void run(Supplier<TaskRun> runs) throws InterruptedException {
    Thread[] worker = new Thread[1];
    Publisher results = new Publisher(session, report, task.lease(), () -> worker[0].interrupt());
    worker[0] = Thread.ofVirtual().name("dassie-task").unstarted(() -> each(runs, results));
    worker[0].start();
    boolean interrupted = false;
    while (worker[0].isAlive()) {
      try {
        worker[0].join();
      } catch (InterruptedException e) {
        interrupted = true;
        worker[0].interrupt();
      }
    }
    results.finish();
    failure.ifPresent(problem -> {
      throw problem;
    });
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  private void each(Supplier<TaskRun> runs, Publisher results) {
    try (TaskRun run = runs.get()) {
      for (Task.Item item : task.items()) {
        if (results.stopped() || !report.started(task.lease(), item.key())) {
          return;
        }
        long start = System.nanoTime();
        Ending ending = run.run(item);
        results.add(item.key(), ending, System.nanoTime() - start < QUICK.toNanos());
      }
    } catch (InterruptedException e) {
      return; // the caller knows, or the report refused a result
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
  }

  /// Reports every datum as failed before it ran.
  public void refuse(String sentence) {
    session.publish();
    for (Task.Item item : task.items()) {
      Ending.Try attempt =
          new Ending.Try(-1, Optional.of(sentence), Body.Inline.EMPTY, Instant.now(), 0, 0, 0, 0);
      if (!report.started(task.lease(), item.key())
          || !report.done(
              task.lease(), item.key(), new Ending.Failed(sentence, List.of(attempt)))) {
        return;
      }
    }
  }
}
