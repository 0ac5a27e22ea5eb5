package dev.dassie.job;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.Commit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Brings the output of a job, whose commit is finished, to its place outside; the job ends with
/// it. What a server that ended left half done is written again, and so is what failed, after
/// pauses that grow.
final class EgressRun {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int TRIES = 8;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int LOOK_MILLIS = 100;

  private final Engine engine;
  private final JobName job;
  private final PipelineSpec spec;
  private final Egress to;
  private final Progress progress;

  EgressRun(Engine engine, JobName job, PipelineSpec spec, Egress to, Progress progress) {
    this.engine = engine;
    this.job = job;
    this.spec = spec;
    this.to = to;
    this.progress = progress;
  }

  /// What a job says of itself meanwhile.
  static String reason(Egress to) {
    return "The output is being written to `%s`.".formatted(to.shown());
  }

  /// Whether the job of an output is left with its egress alone, since a server ended meanwhile.
  static boolean isLeft(Engine engine, Commit output) {
    return output.finishedFiles().isPresent()
        && Recipes.specOf(output)
            .map(spec -> engine.recipes().of(spec).spec().egress().isPresent())
            .orElse(false);
  }

  /// Returns when the output is there, cannot be brought there, or the run is to stop.
  void work(long lease, Fileset output) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      Optional<DassieException> problem = attempt(output);
      if (progress.halted().isPresent()) {
        return; // the server stops, or the job was stopped
      }
      if (problem.isEmpty()) {
        JobRecord.egressed(engine.versions(), job, lease, Job.State.SUCCESS, "");
        return;
      }
      String why = problem.get().fault().message();
      if (!Trouble.passes(problem.get()) || tries == TRIES) {
        String failed =
            "The output was computed and is kept, but could not be written to `%s`%s: %s"
                .formatted(to.shown(), tries == 1 ? "" : " in %d tries".formatted(tries), why);
        JobRecord.egressed(engine.versions(), job, lease, Job.State.FAILED, failed);
        return;
      }
      JobRecord.say(
          engine.versions(),
          job,
          lease,
          "%s Try %d of %d failed: %s".formatted(reason(to), tries, TRIES, why));
      if (!progress.rest(pause)) {
        return;
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /// On a thread of its own, which is left behind only where the server ends: two at once could
  /// write an old output over a new one.
  private Optional<DassieException> attempt(Fileset output) throws InterruptedException {
    FutureTask<Optional<DassieException>> task = new FutureTask<>(() -> write(output));
    Thread.ofVirtual().name("egress-" + job).start(task);
    while (true) {
      try {
        return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (progress.isClosing()) {
          return Optional.empty();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private Optional<DassieException> write(Fileset output) {
    try {
      Optional<SecretValues> secret = engine.recipes().egressSecret(spec);
      engine
          .outlet()
          .write(to, output, engine.chunks(), secret, () -> progress.halted().isPresent());
      return Optional.empty();
    } catch (DassieException e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The egress of " + job + " failed", e);
      return Optional.of(
          new DassieException(
              new Fault.Failed("A bug in Dassie: %s.".formatted(e), Optional.empty()), e));
    }
  }
}
