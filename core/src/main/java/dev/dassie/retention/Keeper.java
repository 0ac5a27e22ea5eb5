package dev.dassie.retention;

import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.transaction.Transactions;
import dev.dassie.version.Call;
import dev.dassie.version.Expiry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The upkeep of a running server, on a thread of its own: merges small packs as they gather, drops
/// transactions that were left, and at an interval lets go of commits by the rules of branches and
/// collects garbage, at a bounded rate. Closing ends it; what it was at is left safe and taken up
/// by the next.
public final class Keeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.retention");
  private static final Metadata.Key LAST = new Metadata.Key("gc_state", "last");

  /// How often it looks, and the packs that it waits for.
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final long GATHERED = 64;

  /// A moved byte is read and written once.
  private static final long BYTES_PER_SECOND = 32L << 20;

  private final Retention retention;
  private final Transactions transactions;
  private final Optional<Duration> interval;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  /// Begins.
  ///
  /// @param interval time between collections; none are made without it
  public Keeper(Retention retention, Transactions transactions, Optional<Duration> interval) {
    this.retention = retention;
    this.transactions = transactions;
    this.interval = interval;
    this.thread = Thread.ofPlatform().daemon().name("keeper").start(this::work);
  }

  private void work() {
    long looked = -GATHERED;
    try {
      while (!end.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        long published = retention.packs().published();
        if (published - looked >= GATHERED) {
          looked = published;
          guarded("Packs were not merged", this::merge);
        }
        guarded("Old transactions were not dropped", this::forget);
        guarded("Garbage was not collected", this::collect);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(String failure, Runnable work) {
    try {
      work.run();
    } catch (DassieException e) {
      if (end.getCount() > 0) {
        LOG.log(System.Logger.Level.WARNING, failure + ": " + e.fault().message());
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, failure, e);
    }
  }

  private void merge() {
    Packs.Merged merged = retention.mergeSmallPacks(new Pace(BYTES_PER_SECOND));
    if (merged.before() > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "Merged %d packs of %d bytes into %d"
              .formatted(merged.before(), merged.bytes(), merged.after()));
    }
  }

  private void forget() {
    int dropped = transactions.forgetOld();
    if (dropped > 0) {
      LOG.log(System.Logger.Level.INFO, "Dropped %d transactions of old".formatted(dropped));
    }
  }

  private void collect() {
    if (interval.isEmpty()) {
      return;
    }
    Instant now = retention.versions().clock().instant();
    Optional<Instant> last = last();
    if (last.isPresent() && now.isBefore(last.get().plus(interval.get()))) {
      return;
    }
    // Written first: a collection that fails is not tried again every few seconds. The first server
    // of an instance only notes the time.
    note(now);
    if (last.isPresent()) {
      long let = retention.expire(Optional.empty(), Optional.of(Call.SYSTEM), this::goOn);
      if (let > 0) {
        LOG.log(
            System.Logger.Level.INFO,
            "Let go of %d commits by the rules of branches".formatted(let));
      }
      GcReport report = retention.gc(Retention.GRACE, false, new Pace(BYTES_PER_SECOND));
      LOG.log(
          System.Logger.Level.INFO,
          "Collected garbage: %d bytes freed, %d packs deleted, %d rewritten, in %d ms"
              .formatted(
                  report.swept().freed(),
                  report.swept().deleted(),
                  report.swept().rewritten(),
                  report.took().toMillis()));
    }
  }

  /// Ends the work at hand when the server does.
  private void goOn(Expiry.Judged judged) {
    if (end.getCount() == 0) {
      throw new Fault.Unavailable(judged.commit().name().toString(), "the server is ending")
          .asException();
    }
  }

  private Optional<Instant> last() {
    return retention
        .versions()
        .metadata()
        .read(rows -> rows.get(LAST))
        .map(bytes -> Instant.ofEpochSecond(ByteBuffer.wrap(bytes).getLong()));
  }

  private void note(Instant now) {
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(now.getEpochSecond()).array();
    boolean _ =
        retention
            .versions()
            .metadata()
            .write(rows -> {
              rows.put(LAST, value);
              return true;
            });
  }

  @Override
  public void close() {
    end.countDown();
    thread.interrupt();
    try {
      boolean _ = thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
