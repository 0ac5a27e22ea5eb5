package dev.dassie.executor.datum;

/// What any datum may take at most; a spec may say less (`resourceLimits`).
///
/// @param disk of what is free when it starts
/// @param memory of what the machine has
/// @param processes and threads, at once
public record Limits(Share disk, Share memory, int processes) {
  /// Half of the free disk, three quarters of the memory, 4,096 processes.
  public static Limits defaults() {
    return new Limits(Share.ofPercent(50), Share.ofPercent(75), 4_096);
  }
}
