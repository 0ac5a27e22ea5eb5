package dev.dassie.job.standing;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How the process of a pipeline does.
///
/// @param since when it came into this state
/// @param restarts how often it was started again since the server or its version began
/// @param reason why it does not run, in a sentence; empty where it does
/// @param port where it is reached from outside, if it is
public record Status(
    State state, Instant since, long restarts, String reason, Optional<Integer> port) {
  /// What there is of a process.
  public enum State {
    /// It is being started.
    STARTING,
    RUNNING,
    /// It ended, and is started again after a pause.
    WAITING,
    STOPPED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
