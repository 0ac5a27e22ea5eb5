package dev.dassie.metadata;

import dev.dassie.content.CrashPlan;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Metadata that outlives the simulated process which writes it; faults come from a [CrashPlan].
public final class SimulatedMetadata extends InterruptingMetadata {
  private final CrashPlan plan;

  public SimulatedMetadata(Metadata rows, CrashPlan plan) {
    super(rows);
    this.plan = plan;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    var answer = new AtomicReference<T>();
    plan.write(CrashPlan.Lane.METADATA, () -> answer.set(super.write(change)));
    return answer.get();
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    plan.reading();
    return super.read(question);
  }

  /// The rows stay when a process ends.
  @Override
  public void close() {}
}
