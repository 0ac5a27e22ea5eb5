package dev.dassie.content;

import java.util.concurrent.atomic.AtomicLongArray;

/// A set of digests that may say yes to one that was never added, and never no to one that was: a
/// Bloom filter (B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM
/// 13, 1970) of 1 MiB with four probes, one from each word of the digest. At half a million digests
/// one answer in 400 is a false yes. Thread-safe.
final class DigestFilter {
  private static final int WORDS = 1 << 17;
  private static final int BITS = WORDS * Long.SIZE;

  private final AtomicLongArray words = new AtomicLongArray(WORDS);

  void add(Digest id) {
    set(id.word0());
    set(id.word1());
    set(id.word2());
    set(id.word3());
  }

  boolean mayHold(Digest id) {
    return isSet(id.word0()) && isSet(id.word1()) && isSet(id.word2()) && isSet(id.word3());
  }

  /// Adds all that the other holds.
  void addAll(DigestFilter other) {
    for (int i = 0; i < WORDS; i++) {
      long more = other.words.get(i);
      if (more != 0) {
        words.accumulateAndGet(i, more, (a, b) -> a | b);
      }
    }
  }

  private void set(long hash) {
    int bit = (int) hash & (BITS - 1);
    long mask = 1L << bit;
    if ((words.get(bit >>> 6) & mask) == 0) {
      words.accumulateAndGet(bit >>> 6, mask, (a, b) -> a | b);
    }
  }

  private boolean isSet(long hash) {
    int bit = (int) hash & (BITS - 1);
    return (words.get(bit >>> 6) & 1L << bit) != 0;
  }
}
