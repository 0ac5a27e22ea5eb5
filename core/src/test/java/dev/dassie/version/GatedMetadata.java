package dev.dassie.version;

import dev.dassie.metadata.ForwardingMetadata;
import dev.dassie.metadata.Metadata;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Metadata that counts transactions and can hold them back.
final class GatedMetadata extends ForwardingMetadata {
  private final AtomicInteger writes = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile CountDownLatch blocked = new CountDownLatch(0);

  GatedMetadata(Metadata inner) {
    super(inner);
  }

  void shut() {
    blocked = new CountDownLatch(1);
    gate = new CountDownLatch(1);
  }

  /// Waits until a transaction is held back.
  void awaitBlocked() throws InterruptedException {
    blocked.await();
  }

  void open() {
    gate.countDown();
  }

  /// Transactions that were asked for so far.
  int writes() {
    return writes.get();
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    writes.incrementAndGet();
    blocked.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return super.write(change);
  }
}
