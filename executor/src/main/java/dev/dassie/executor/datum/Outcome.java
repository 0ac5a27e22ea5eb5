package dev.dassie.executor.datum;

import java.util.Optional;

/// How a [Command] ended. Times are microseconds; 0 where the sandbox cannot measure them.
///
/// @param exitCode 128 + the signal where a signal ended it
/// @param signal 0 where none did
/// @param outOfMemory the kernel's out-of-memory killer ended a process during the run, and the
///   command died of SIGKILL that Dassie did not send
/// @param error why it failed where exit code and signal do not say so
/// @param leftNothing the sandbox saw that nothing lies in the output folder; false where it did
///   not look
public record Outcome(
    int exitCode,
    int signal,
    boolean timedOut,
    boolean outOfMemory,
    long wallMicros,
    long userMicros,
    long systemMicros,
    long maxRssKib,
    CapturedLog log,
    Optional<String> error,
    boolean leftNothing) {
  /// One that speaks for itself.
  public Outcome(
      int exitCode,
      int signal,
      boolean timedOut,
      boolean outOfMemory,
      long wallMicros,
      long userMicros,
      long systemMicros,
      long maxRssKib,
      CapturedLog log) {
    this(
        exitCode,
        signal,
        timedOut,
        outOfMemory,
        wallMicros,
        userMicros,
        systemMicros,
        maxRssKib,
        log,
        Optional.empty(),
        false);
  }
}
