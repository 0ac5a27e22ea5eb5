package dev.dassie.metadata;

import dev.dassie.content.CrashPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Metadata that outlives the simulated process which writes it; faults come from a [CrashPlan].
public final class SimulatedMetadata implements Metadata {
  private final Metadata rows;
  private final CrashPlan plan;
  private Optional<Runnable> interruption = Optional.empty();

  public SimulatedMetadata(Metadata rows, CrashPlan plan) {
    this.rows = rows;
    this.plan = plan;
  }

  /// Runs once, before the next transaction: what another client does between the look of a writer
  /// and its transaction.
  public void interruptNext(Runnable other) {
    interruption = Optional.of(other);
  }

  /// Whether the interruption is still to come; it is forgotten.
  public boolean uninterrupted() {
    boolean waiting = interruption.isPresent();
    interruption = Optional.empty();
    return waiting;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    Optional<Runnable> other = interruption;
    interruption = Optional.empty();
    other.ifPresent(Runnable::run);
    var answer = new AtomicReference<T>();
    plan.write(CrashPlan.Lane.METADATA, () -> answer.set(rows.write(change)));
    return answer.get();
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    plan.reading();
    return rows.read(question);
  }

  @Override
  public long position() {
    return rows.position();
  }

  @Override
  public long awaitAfter(long position, Duration timeout) throws InterruptedException {
    return rows.awaitAfter(position, timeout);
  }

  @Override
  public List<Event> events(long position, int limit) {
    return rows.events(position, limit);
  }

  @Override
  public void close() {}
}
