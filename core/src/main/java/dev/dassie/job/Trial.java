package dev.dassie.job;

import dev.dassie.fileset.Fileset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Datums that run beside all jobs, for a person who waits for them: no commit is made, no branch
/// moves. Outcomes come as datums end; they MUST be read, for few are kept. Closing ends what runs.
/// For one reader.
public final class Trial implements AutoCloseable {
  /// What became of a datum.
  ///
  /// @param tries of the run that made the result
  /// @param output what it left, where it succeeded
  /// @param last what it is to be compared with: what the code before left of the same datum
  public record Outcome(
      String id,
      String key,
      DatumView.State state,
      String reason,
      List<DatumView.In> inputs,
      List<Ending.Try> tries,
      Optional<Fileset> output,
      Optional<Fileset> last) {
    public Outcome {
      inputs = List.copyOf(inputs);
      tries = List.copyOf(tries);
    }
  }

  /// How it went as a whole.
  ///
  /// @param datums those that were looked at
  /// @param more whether there are more than were asked for
  /// @param codeMicros how long code ran, where several ran at once counted once
  /// @param empty inputs that have no data yet
  public record Summary(Job.Counts datums, boolean more, long codeMicros, List<String> empty) {
    public Summary {
      empty = List.copyOf(empty);
    }
  }

  private final TrialRun run;
  private boolean ended;

  Trial(TrialRun run) {
    this.run = run;
    run.start();
  }

  /// The next outcome; empty where none came in time, or all have come.
  public Optional<Outcome> next(Duration atMost) throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Optional<Optional<Outcome>> next = run.poll(atMost);
    ended = next.isPresent() && next.get().isEmpty();
    return next.flatMap(one -> one);
  }

  /// Whether all outcomes have been read.
  public boolean ended() {
    return ended;
  }

  /// How it went, once it has ended.
  ///
  /// @throws DassieException what kept it from going on
  public Summary summary() {
    return run.summary();
  }

  @Override
  public void close() {
    run.close();
  }
}
