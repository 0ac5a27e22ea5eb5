package dev.dassie.executor.datum;

import java.io.InputStream;
import java.io.OutputStream;

/// The way to a dassie-runner somewhere. Thread-safe.
public interface RunnerLink {
  OutputStream requests();

  InputStream answers();

  /// Its root stands: it takes commands now.
  default void ready() {}

  /// What else is known about its failure; empty for nothing.
  String trouble();

  /// Ends the runner with all that it started; returns when they are gone, or cannot be ended.
  void end();

  /// Begins to end everything at once, also where somebody waits to send.
  void kill();
}
