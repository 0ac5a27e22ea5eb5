package dev.dassie.job.standing;

import dev.dassie.version.Commit;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the process of a pipeline does.
///
/// @param since when it came into this state
/// @param restarts how often it was started again since the server or its version began
/// @param reason what keeps it from running, or from showing newer data, in a sentence; else empty
/// @param port where it is reached from outside, if it is
/// @param shows the commits that it shows, with their branches
public record Status(
    State state,
    Instant since,
    long restarts,
    String reason,
    Optional<Integer> port,
    List<Commit.Source> shows) {
  public Status {
    shows = List.copyOf(shows);
  }

  /// What there is of a process.
  public enum State {
    /// There is nothing to show yet.
    IDLE,
    /// It is being started.
    STARTING,
    RUNNING,
    /// It ended, and is started again after a pause; or it cannot be reached.
    WAITING,
    STOPPED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The same, reached on a port.
  Status on(Optional<Integer> other) {
    return new Status(state, since, restarts, reason, other, shows);
  }

  /// The same in another state.
  Status with(State other, String why) {
    return new Status(other, since, restarts, why, port, shows);
  }
}
