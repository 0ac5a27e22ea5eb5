package dev.dassie.job;

/// Where an executor says what a process that stays does. Thread-safe.
public interface Stay {
  /// All is prepared, and the process would be started now: it is when this returns. A fault ends
  /// it before, and so does an interrupt.
  default void ready() throws InterruptedException {}

  /// The process has been started.
  void started();

  /// It wrote to its standard output or error. The bytes MUST be copied; the call MUST return soon,
  /// as the process waits meanwhile.
  void wrote(byte[] bytes, int length);

  /// How it ended.
  ///
  /// @param exitCode 128 + the signal where a signal ended it; -1 where it was never started
  /// @param reason one sentence
  record End(int exitCode, String reason) {}
}
