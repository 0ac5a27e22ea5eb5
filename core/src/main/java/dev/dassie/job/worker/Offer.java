package dev.dassie.job.worker;

import dev.dassie.content.ChunkStore;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/// A task that waits for whoever takes it. Guarded by the lock of [Workers].
final class Offer {
  final Task task;
  final Report report;

  /// Keeps what workers store and name, until it is recorded.
  final ChunkStore.Session hold;

  final Condition changed;

  /// Who runs it, once somebody does.
  Optional<Lease> taken = Optional.empty();

  /// The server itself is to run it.
  boolean own;

  Offer(Task task, Report report, ChunkStore.Session hold, Condition changed) {
    this.task = task;
    this.report = report;
    this.hold = hold;
    this.changed = changed;
  }
}
