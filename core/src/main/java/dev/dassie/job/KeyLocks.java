package dev.dassie.job;

import dev.dassie.content.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Which computations run now, so that each runs once at a time (design D10). Holds a key from
/// before it is queued until its result is durable. Thread-safe.
final class KeyLocks {
  private record Hold(JobName owner, CountDownLatch ended) {}

  private final Map<Digest, Hold> holds = new ConcurrentHashMap<>();
  private final Map<JobName, Digest> waiting = new ConcurrentHashMap<>();

  boolean acquire(Digest key, JobName owner) {
    return holds.putIfAbsent(key, new Hold(owner, new CountDownLatch(1))) == null;
  }

  Optional<JobName> holder(Digest key) {
    return Optional.ofNullable(holds.get(key)).map(Hold::owner);
  }

  void release(Digest key) {
    Hold hold = holds.remove(key);
    if (hold != null) {
      hold.ended().countDown();
    }
  }

  /// Returns true when the hold of the key that stands now has ended, false after a second.
  boolean awaitRelease(Digest key, JobName waiter) throws InterruptedException {
    Hold hold = holds.get(key);
    if (hold == null) {
      return true;
    }
    waiting.put(waiter, key);
    try {
      return hold.ended().await(1, TimeUnit.SECONDS);
    } finally {
      waiting.remove(waiter);
    }
  }

  /// The key that a job waits for because another has it.
  Optional<Digest> awaited(JobName waiter) {
    return Optional.ofNullable(waiting.get(waiter));
  }
}
