package dev.dassie.job.worker;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A worker that takes part. Guarded by the lock of [Workers].
final class Member {
  private static final int REMEMBERED = 64;

  final String id;
  final Joining said;
  final Instant joined;
  final Map<Long, Lease> leases = new TreeMap<>();
  Instant seen;
  boolean leaving;
  long done;
  long returned;
  Optional<String> note = Optional.empty();

  /// Gets nothing before: it had trouble.
  Instant rests = Instant.MIN;

  /// Environments that it does not have.
  private final Map<List<String>, String> unfit = new LinkedHashMap<>();

  private final Map<Long, Lease> past = new LinkedHashMap<>();

  Member(String id, Joining said, Instant now) {
    this.id = id;
    this.said = said;
    this.joined = now;
    this.seen = now;
  }

  void lacks(List<String> facts, String reason) {
    unfit.put(List.copyOf(facts), reason);
    note = Optional.of(reason);
    if (unfit.size() > REMEMBERED) {
      unfit.remove(unfit.keySet().iterator().next());
    }
  }

  boolean mayWork(Instant now) {
    return !leaving && !now.isBefore(rests);
  }

  /// A lease that it gave back: it may repeat its last report.
  void past(Lease lease) {
    past.put(lease.number, lease);
    if (past.size() > REMEMBERED) {
      past.remove(past.keySet().iterator().next());
    }
  }

  Optional<Lease> former(long number) {
    return Optional.ofNullable(past.get(number));
  }

  WorkerView view(Instant now) {
    long datums = leases.values().stream().mapToLong(lease -> lease.left().size()).sum();
    String state =
        leaving ? "leaving" : now.isBefore(rests) ? "resting" : leases.isEmpty() ? "idle" : "busy";
    List<Long> held = List.copyOf(leases.keySet());
    return new WorkerView(id, said, state, joined, seen, held, datums, done, returned, note);
  }

  boolean fits(List<String> facts) {
    return !unfit.containsKey(facts);
  }

  Optional<String> lack(List<String> facts) {
    return Optional.ofNullable(unfit.get(facts));
  }
}
