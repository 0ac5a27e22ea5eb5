package dev.dassie.content;

/// Objects that outlive the simulated process which writes them; faults come from a [CrashPlan].
public final class SimulatedObjectStore extends ForwardingObjectStore {
  private final CrashPlan plan;

  public SimulatedObjectStore(ObjectStore objects, CrashPlan plan) {
    super(objects);
    this.plan = plan;
  }

  private static CrashPlan.Lane lane(String key) {
    return key.startsWith("packs/data/") ? CrashPlan.Lane.DATA : CrashPlan.Lane.TREE;
  }

  @Override
  protected void change(String key, Runnable change) {
    plan.write(lane(key), change);
  }
}
