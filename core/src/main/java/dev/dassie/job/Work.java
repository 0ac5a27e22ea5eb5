package dev.dassie.job;

import dev.dassie.content.ChunkReader;
import dev.dassie.fileset.PersistentMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The datums that a job must look at: those that differ from the job it builds on, and those that
/// recovered there. Read anew each time, in bounded memory. Thread-safe.
final class Work {
  private final PersistentMap map;
  private final PersistentMap.Root old;
  private final PersistentMap.Root now;
  private final PersistentMap.Root again;

  /// One datum at two times; absent where it was not, or is not any more. `ranBefore` is false
  /// where the old one left no result.
  record Changed(
      byte[] order, Optional<PlannedDatum> old, Optional<PlannedDatum> now, boolean ranBefore) {}

  /// Looks at groups of datums.
  interface Groups {
    void group(List<Changed> group) throws InterruptedException;
  }

  /// @param again the endings of the older job: all of datums that recovered
  Work(
      ChunkReader reader,
      PersistentMap.Root old,
      PersistentMap.Root now,
      PersistentMap.Root again) {
    this.map = new PersistentMap(reader);
    this.old = old;
    this.now = now;
    this.again = again;
  }

  /// Hands out everything in groups of at most `size`.
  void each(int size, Groups to) throws InterruptedException {
    List<Changed> group = new ArrayList<>(size);
    Iterator<PersistentMap.Delta> deltas = map.diff(old, now);
    while (deltas.hasNext()) {
      group.add(changed(deltas.next()));
      if (group.size() == size) {
        to.group(group);
        group = new ArrayList<>(size);
      }
    }
    Iterator<PersistentMap.Row> rows = map.scan(again, new byte[0]);
    while (rows.hasNext()) {
      unchanged(rows.next().key()).ifPresent(group::add);
      if (group.size() == size) {
        to.group(group);
        group = new ArrayList<>(size);
      }
    }
    if (!group.isEmpty()) {
      to.group(group);
    }
  }

  private Changed changed(PersistentMap.Delta delta) {
    boolean ran = delta.old().isPresent() && map.get(again, delta.key()).isEmpty();
    return new Changed(
        delta.key(),
        delta.old().map(PlannedDatum::decode),
        delta.now().map(PlannedDatum::decode),
        ran);
  }

  /// A datum that recovered and is the same still; what changed came with the difference.
  private Optional<Changed> unchanged(byte[] order) {
    Optional<PlannedDatum> before = map.get(old, order).map(PlannedDatum::decode);
    Optional<PlannedDatum> after = map.get(now, order).map(PlannedDatum::decode);
    return before.isPresent() && before.equals(after)
        ? Optional.of(new Changed(order, before, after, false))
        : Optional.empty();
  }

  /// How many datums of now are not looked at, because nothing changed.
  long unchangedOf(long looked) {
    return now.count() - looked;
  }
}
