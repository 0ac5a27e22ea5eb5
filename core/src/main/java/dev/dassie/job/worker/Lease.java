package dev.dassie.job.worker;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.job.Ending;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Datums that a worker has for a time. It ends once: because the worker said so, because it was
/// silent, or because the server wants no more of it; from then on every report under it is
/// refused. Thread-safe: reports and the end exclude each other, so that what is given to others
/// has not been reported, and is not reported later.
final class Lease {
  /// Why a lease ended.
  enum End {
    RETURNED,
    LOST,
    WITHDRAWN
  }

  final long number;
  final String worker;
  final Instant given;
  private final Offer offer;
  private final Task task;
  private final Report report;
  private final Map<Digest, Task.Item> open = new LinkedHashMap<>();
  private final Set<Digest> reported = new HashSet<>();
  private Optional<End> end = Optional.empty();
  private boolean stopped;

  Lease(long number, String worker, Offer offer, Instant given) {
    this.number = number;
    this.worker = worker;
    this.offer = offer;
    this.task = offer.task;
    this.report = offer.report;
    this.given = given;
    task.items().forEach(item -> open.put(item.key(), item));
  }

  Offer offer() {
    return offer;
  }

  Task task() {
    return task;
  }

  ChunkStore.Session hold() {
    return offer.hold;
  }

  /// The first datum is about to run. False where nothing is to run any more.
  synchronized boolean begin() {
    stopped = !report.started(task.lease(), task.items().getFirst().key());
    return !stopped;
  }

  /// What a report came to.
  ///
  /// @param done datums that ended
  /// @param goes whether the worker is to begin another datum
  record Taken(int done, boolean goes) {}

  /// Takes results; one that came before is passed over, so that a report may be repeated.
  ///
  /// @param before what must have happened before any of them counts
  /// @throws dev.dassie.fault.DassieException `Conflict` where the lease has ended
  synchronized Taken report(List<Results.One> results, Runnable before) {
    if (end.isPresent()) {
      boolean repeated =
          end.get() == End.RETURNED
              && results.stream().allMatch(one -> reported.contains(one.key()));
      if (repeated) {
        return new Taken(0, false);
      }
      throw refusal(number, worker);
    }
    for (Results.One one : results) {
      if (!open.containsKey(one.key()) && !reported.contains(one.key())) {
        throw new Fault.Invalid(
                "The datum", one.key().toString(), "one of the lease `%d`".formatted(number))
            .asException();
      }
    }
    before.run();
    int done = 0;
    for (Results.One one : results) {
      if (open.remove(one.key()) != null) {
        reported.add(one.key());
        stopped |= !report.done(task.lease(), one.key(), one.ending());
        done++;
      }
    }
    if (!stopped && done > 0 && !open.isEmpty()) {
      stopped = !report.started(task.lease(), open.keySet().iterator().next());
    }
    return new Taken(done, !stopped);
  }

  /// The sentence of a late report.
  static RuntimeException refusal(long number, String worker) {
    return new Fault.Conflict(
            "The lease `%d` of the worker `%s` has ended: its datums went to others, and what it reports of them does not count."
                .formatted(number, worker),
            Optional.of("The worker drops what it ran, and takes new work."))
        .asException();
  }

  /// Ends it where it has not ended. Returns when no report is under way.
  synchronized void end(End why) {
    if (end.isEmpty()) {
      end = Optional.of(why);
    }
  }

  synchronized Optional<End> ended() {
    return end;
  }

  /// Whether whoever asked for the task wants no more of it.
  synchronized boolean isStopped() {
    return stopped;
  }

  /// Datums that have not been reported, in their order.
  synchronized List<Task.Item> left() {
    return List.copyOf(open.values());
  }

  /// Says of a datum, after the end, what became of it without a worker.
  synchronized void settle(Digest key, Ending ending) {
    if (open.remove(key) != null) {
      stopped |= !report.done(task.lease(), key, ending);
    }
  }
}
