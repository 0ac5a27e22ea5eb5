package dev.dassie.job;

import dev.dassie.pipeline.Transform;

/// Runs users' code somewhere: a process, a container, a pod. Thread-safe. Every implementation
/// passes `ExecutorContract` and
/// - MUST show each datum its own files (read-only) and an empty output folder, and nothing else of
///   Dassie's;
/// - MUST return the code's exit code, never throw because of it;
/// - MUST end every process that a datum started when the datum ends, and all when interrupted;
/// - MUST have made output and logs durable before it reports a datum done.
public interface Executor extends AutoCloseable {
  /// The name in specs and reports: `process`.
  String name();

  /// How datums are kept apart: `namespaces`, `bubblewrap` or `none`. Recorded with every result.
  String sandbox();

  /// What the code would run on; part of the datum key. A `cmd[0]` that cannot be found is a fault.
  Environment environment(Transform transform);

  /// Runs the datums of a task, one after another, and reports each; returns when all are reported
  /// or the report told it to stop. An interrupt ends what runs and returns early.
  void run(Task task, Report report) throws InterruptedException;

  @Override
  void close();
}
