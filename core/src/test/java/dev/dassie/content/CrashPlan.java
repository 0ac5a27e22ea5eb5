package dev.dassie.content;

/// When the simulated process meets its next fault: at the n-th write of one lane, before it or
/// after it, and whether it dies of it. Data packs, tree packs and transactions are lanes of their
/// own: the packs of a session are written side by side, and what a seed does must not depend on
/// which of them is first. Thread-safe.
public final class CrashPlan {
  /// What writes.
  public enum Lane {
    DATA,
    TREE,
    METADATA
  }

  /// What happens at the chosen write.
  public enum Fault {
    /// The process dies, and the write never happened.
    DIES_BEFORE(true, false),
    /// The process dies; the write is durable, and nobody was told.
    DIES_AFTER(true, true),
    /// The write is refused, and the process goes on.
    REFUSED(false, false),
    /// The write is durable, its writer is told that it failed, and the process goes on.
    REPLY_LOST(false, true);

    final boolean dies;
    final boolean happens;

    Fault(boolean dies, boolean happens) {
      this.dies = dies;
      this.happens = happens;
    }
  }

  /// Thrown out of everything that a dead process does.
  public static final class Dead extends Error {
    Dead() {
      super("the simulated process is dead", null, false, false);
    }
  }

  private boolean armed;
  private Lane lane = Lane.METADATA;
  private Fault fault = Fault.REFUSED;
  private int left;
  private boolean othersLive;
  private boolean fired;

  /// Chooses the next fault. Where the process dies in one lane of packs, the packs of the other
  /// that are on their way are either all durable (`alive`) or never written.
  public synchronized void arm(Lane where, Fault what, int nth, boolean alive) {
    armed = true;
    lane = where;
    fault = what;
    left = nth;
    othersLive = alive;
    fired = false;
  }

  /// Ends what was chosen; says whether it came to pass.
  public synchronized boolean disarm() {
    armed = false;
    return fired;
  }

  /// Whether the process has met a fault that it did not survive.
  public synchronized boolean isDead() {
    return fired && fault.dies;
  }

  /// A new process.
  public synchronized void revive() {
    armed = false;
    fired = false;
  }

  /// Called at each read of metadata: the dead do not read.
  public void reading() {
    if (isDead()) {
      throw new Dead();
    }
  }

  private synchronized Step step(Lane where) {
    if (where != lane && where != Lane.METADATA && lane != Lane.METADATA) {
      // The other pack of a session that dies.
      if ((armed || fired) && fault.dies && !othersLive) {
        fired = true;
        throw new Dead();
      }
      return Step.GO_ON;
    }
    if (armed && where == lane && --left == 0) {
      armed = false;
      fired = true;
      return new Step(fault.happens, true);
    }
    if (isDead()) {
      throw new Dead();
    }
    return Step.GO_ON;
  }

  /// What the writer does: the write or not, and then an error or none.
  record Step(boolean happens, boolean fails) {
    static final Step GO_ON = new Step(true, false);
  }

  /// Runs a write of a lane as the plan has it.
  public void write(Lane where, Runnable write) {
    Step step = step(where);
    if (step.happens()) {
      write.run();
    }
    if (step.fails()) {
      reading();
      throw new dev.dassie.fault.Fault.Unavailable("The simulated store", "fault of the plan")
          .asException();
    }
  }
}
