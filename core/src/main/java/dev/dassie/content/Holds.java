package dev.dassie.content;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// What those at work may refer to although nothing that is recorded names it yet: chunks that they
/// found already stored, and packs that they published. Whoever is at work holds from [#open] until
/// the transaction that names its chunks is done.
///
/// Time is cut into generations. What is held stands in the generation of its day, and a generation
/// is dropped when nobody is at work any more who began in it or before. Memory is bounded: old
/// generations are joined, at the price of more chunks that look held. Thread-safe.
final class Holds {
  /// Chunks after which a generation ends, and generations that are kept apart.
  private static final int FULL = 1 << 19;

  private static final int APART = 4;

  private static final class Generation {
    private final long number;
    private final DigestFilter chunks = new DigestFilter();
    private final AtomicLong count = new AtomicLong();
    private final Set<PackId> packs = new HashSet<>();

    Generation(long number) {
      this.number = number;
    }
  }

  /// Oldest first; the last is the current one.
  private final Deque<Generation> generations = new ArrayDeque<>();

  /// Those at work by the generation in which they began.
  private final TreeMap<Long, Integer> atWork = new TreeMap<>();

  private volatile Generation current = new Generation(0);

  Holds() {
    generations.add(current);
  }

  /// Begins to work.
  synchronized ChunkStore.Hold open() {
    long began = current.number;
    atWork.merge(began, 1, Integer::sum);
    return new ChunkStore.Hold() {
      private boolean closed;

      @Override
      public void close() {
        synchronized (Holds.this) {
          if (!closed) {
            closed = true;
            end(began);
          }
        }
      }
    };
  }

  private void end(long began) {
    atWork.computeIfPresent(began, (number, count) -> count == 1 ? null : count - 1);
    trim();
  }

  /// Holds a chunk. The caller is at work.
  void touch(Digest id) {
    Generation now = current;
    now.chunks.add(id);
    if (now.count.incrementAndGet() == FULL) {
      rotate();
    }
  }

  /// Holds all chunks of a pack that is about to be findable.
  synchronized void published(PackId pack) {
    if (!atWork.isEmpty()) {
      current.packs.add(pack);
    }
  }

  /// Begins a new generation, so that those before can be dropped.
  synchronized void rotate() {
    Generation next = new Generation(current.number + 1);
    generations.addLast(next);
    current = next;
    trim();
    while (generations.size() > APART) {
      join();
    }
  }

  /// Packs that are held.
  synchronized Set<PackId> packs() {
    Set<PackId> all = new HashSet<>();
    generations.forEach(generation -> all.addAll(generation.packs));
    return all;
  }

  /// Whether a chunk is held, or looks so.
  synchronized boolean mayHold(Digest id) {
    for (Generation generation : generations) {
      if (generation.chunks.mayHold(id)) {
        return true;
      }
    }
    return false;
  }

  private void trim() {
    Map.Entry<Long, Integer> oldest = atWork.firstEntry();
    long needed = oldest == null ? current.number : oldest.getKey();
    while (generations.size() > 1 && generations.getFirst().number < needed) {
      generations.removeFirst();
    }
    if (oldest == null && !current.packs.isEmpty()) {
      current.packs.clear();
    }
  }

  /// Joins the two oldest generations under the number of the younger: it is needed no shorter.
  private void join() {
    Generation oldest = generations.removeFirst();
    Generation second = generations.getFirst();
    second.chunks.addAll(oldest.chunks);
    second.packs.addAll(oldest.packs);
  }
}
