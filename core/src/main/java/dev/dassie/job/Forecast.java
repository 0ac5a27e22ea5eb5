package dev.dassie.job;

import dev.dassie.fileset.Fileset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a job would do.
///
/// @param datums absent where an input is not known before another job has run
/// @param atMost how many datums there can be where that is known although the inputs are not
/// @param now how many datums the pipeline has in its newest finished job
/// @param base that job
/// @param datum how long a datum of that job took, on average over some of them
/// @param slots datums that run side by side
/// @param output what it would leave, where nothing has to run
/// @param examples the first of the datums that would run
/// @param problem why the job would fail, where that is known
public record Forecast(
    JobName job,
    Optional<Numbers> datums,
    Optional<Long> atMost,
    long now,
    Optional<Job> base,
    Optional<Duration> datum,
    int slots,
    Optional<Fileset> output,
    List<Example> examples,
    Optional<String> problem) {
  public Forecast {
    examples = List.copyOf(examples);
  }

  /// How many datums there would be, how many of them have no result yet, how many have one, and
  /// how many of the newest job would not be there any more.
  public record Numbers(long total, long run, long reused, long removed) {}

  /// A datum that would run: its id, and its files as `input:/path`.
  public record Example(String id, List<String> files) {
    public Example {
      files = List.copyOf(files);
    }
  }

  /// Whether something would run, or may.
  public boolean work() {
    return problem.isPresent() || datums.map(numbers -> numbers.run() > 0).orElse(true);
  }

  /// How long it would take by what was recorded; nothing where either is not known.
  public Optional<Duration> estimate() {
    return datums.flatMap(numbers ->
        numbers.run() == 0
            ? Optional.of(Duration.ZERO)
            : datum.map(one -> one.multipliedBy(numbers.run()).dividedBy(slots)));
  }
}
