package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.pipeline.Running;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// How many datums a worker takes at once: by default few, and fewer as they run out, so that all
/// workers end together; or as the spec says (`datumSetSpec`). What comes out does not depend on
/// it. Thread-safe.
final class Sets {
  /// Also where a spec says more: what is on its way is held.
  static final int MOST = 2_048;

  private static final int USUALLY_MOST = 256;
  private static final int LOOK_MILLIS = 20;

  /// How long a set waits for its next datum; one that another job has at hand may take long.
  private static final int PATIENCE_MILLIS = 1_000;

  private final Optional<Running.DatumSets> rule;
  private final IntSupplier workers;
  private final LongSupplier datums;
  private final ToLongFunction<Digest> bytes;
  private volatile boolean complete;

  private Sets(
      Optional<Running.DatumSets> rule,
      IntSupplier workers,
      LongSupplier datums,
      ToLongFunction<Digest> bytes) {
    this.rule = rule;
    this.workers = workers;
    this.datums = datums;
    this.bytes = bytes;
  }

  static Sets usual(int workers) {
    return new Sets(Optional.empty(), () -> workers, () -> 0, key -> 0);
  }

  /// How many datums of a job run at once: what its spec allows, on this machine and elsewhere.
  static IntSupplier slots(int parallelism, Executor executor) {
    int cores = Runtime.getRuntime().availableProcessors();
    return () -> Math.clamp(parallelism, 1, cores + executor.others());
  }

  /// @param workers that there are just now
  /// @param datums of the job that have no result, as far as that is known
  /// @param bytes of the inputs of a datum
  static Sets of(
      Running running, IntSupplier workers, LongSupplier datums, ToLongFunction<Digest> bytes) {
    Optional<Running.DatumSets> rule =
        running instanceof Running.OnDatums on ? on.sets() : Optional.empty();
    return new Sets(rule, workers, datums, bytes);
  }

  int workers() {
    return workers.getAsInt();
  }

  /// No more datums come.
  void complete() {
    complete = true;
  }

  /// Fills a set that has its first datum, as the spec says, and waits for datums meanwhile.
  void fill(List<Digest> set, BlockingQueue<Digest> queue) throws InterruptedException {
    if (rule.isEmpty()) {
      return;
    }
    switch (rule.get()) {
      case Running.DatumSets.OfDatums number -> fill(set, queue, number.datums());
      case Running.DatumSets.PerWorker each ->
          fill(set, queue, datums.getAsLong() / workers() / each.sets());
      case Running.DatumSets.OfBytes size -> {
        long sum = bytes.applyAsLong(set.getFirst());
        while (sum < size.bytes() && set.size() < MOST) {
          Optional<Digest> next = next(queue);
          if (next.isEmpty()) {
            return;
          }
          set.add(next.get());
          sum += bytes.applyAsLong(next.get());
        }
      }
    }
  }

  /// Adds what is there already, where the spec says nothing.
  void top(List<Digest> set, BlockingQueue<Digest> queue) {
    if (rule.isEmpty()) {
      queue.drainTo(set, Math.clamp(queue.size() / (2L * workers()), 0, USUALLY_MOST - 1));
    }
  }

  private void fill(List<Digest> set, BlockingQueue<Digest> queue, long datums)
      throws InterruptedException {
    while (set.size() < Math.min(datums, MOST)) {
      Optional<Digest> next = next(queue);
      if (next.isEmpty()) {
        return;
      }
      set.add(next.get());
    }
  }

  private Optional<Digest> next(BlockingQueue<Digest> queue) throws InterruptedException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += LOOK_MILLIS) {
      boolean last = complete;
      Optional<Digest> next =
          Optional.ofNullable(queue.poll(last ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS));
      if (next.isPresent() || last) {
        return next;
      }
    }
    return Optional.empty();
  }
}
