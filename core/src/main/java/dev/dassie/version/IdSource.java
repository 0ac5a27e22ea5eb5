package dev.dassie.version;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// Where commit ids come from. Thread-safe.
@FunctionalInterface
public interface IdSource {
  /// An id that nothing has yet.
  CommitId next();

  /// Random UUIDs of version 4 (RFC 9562, section 5.4) from the system's secure generator.
  static IdSource random() {
    return of(new SecureRandom());
  }

  /// The same with a generator of the caller's: a seeded one makes tests repeatable. The generator
  /// is used under a lock.
  static IdSource of(RandomGenerator random) {
    return () -> {
      long high;
      long low;
      synchronized (random) {
        high = random.nextLong();
        low = random.nextLong();
      }
      high = (high & ~0xF000L) | 0x4000L;
      low = (low & ~(3L << 62)) | (2L << 62);
      return new CommitId("%016x%016x".formatted(high, low));
    };
  }
}
