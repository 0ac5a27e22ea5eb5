package dev.dassie.job.worker;

import dev.dassie.content.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a worker asks of the server, wherever that is. A server that does not answer is
/// `Unavailable`; one that does not know the worker (any more), `NotFound`. Thread-safe.
public interface Dispatcher {
  /// Takes a worker in. One that cannot take part is refused in a sentence.
  Joined join(Joining said);

  /// What a worker is told when it has joined.
  ///
  /// @param id names it in all other calls; nobody else knows it
  record Joined(String id, Terms terms) {}

  /// Waits for work for one slot of a worker; nothing where none came in time.
  Optional<Work> claim(String worker, Duration wait) throws InterruptedException;

  /// Says that a worker is there and which leases it has; answers, at once or when there are any,
  /// with those of them that have ended. A lease that the worker should have by now and does not
  /// name never reached it, and ends.
  ///
  /// @param leaving whether it wants no more work
  List<Long> beat(String worker, List<Long> held, boolean leaving, Duration wait)
      throws InterruptedException;

  /// Takes what a worker reports of a lease. It may be repeated: what came before counts once.
  ///
  /// @return whether the worker is to go on with the datums of the lease
  /// @throws dev.dassie.fault.DassieException `Conflict` where the lease has ended
  boolean report(String worker, long lease, Results results);

  /// Lets a worker go; what it has goes to others.
  void leave(String worker);

  /// In which packs chunks are.
  List<Optional<String>> packs(String worker, List<Digest> chunks);
}
