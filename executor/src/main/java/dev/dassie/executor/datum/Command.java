package dev.dassie.executor.datum;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One run of a program in a slot. Paths are those inside the sandbox.
///
/// @param variables the whole environment
/// @param folder the working directory
/// @param logBytes how much of the first and of the last output to keep, each
/// @param bounds what it may take
/// @param live where the output goes as it comes, instead of being kept
public record Command(
    List<String> arguments,
    Map<String, String> variables,
    String folder,
    byte[] stdin,
    Optional<Duration> timeout,
    long logBytes,
    Bounds bounds,
    Optional<Sink> live) {
  /// A command whose output is kept, without bounds.
  public Command(
      List<String> arguments,
      Map<String, String> variables,
      String folder,
      byte[] stdin,
      Optional<Duration> timeout,
      long logBytes) {
    this(arguments, variables, folder, stdin, timeout, logBytes, Bounds.NONE, Optional.empty());
  }

  public Command within(Bounds others) {
    return new Command(arguments, variables, folder, stdin, timeout, logBytes, others, live);
  }

  /// The same with its output going elsewhere, and no end but its own.
  public Command endless(Sink sink) {
    return new Command(
        arguments, variables, folder, stdin, Optional.empty(), logBytes, bounds, Optional.of(sink));
  }

  /// Takes output. MUST return soon: the command waits meanwhile.
  public interface Sink {
    void write(byte[] bytes, int length);
  }
}
