package dev.dassie.version;

import dev.dassie.metadata.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Metadata that counts transactions and can hold them back.
final class GatedMetadata implements Metadata {
  private final Metadata inner;
  private final AtomicInteger writes = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile CountDownLatch blocked = new CountDownLatch(0);

  GatedMetadata(Metadata inner) {
    this.inner = inner;
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
    return inner.write(change);
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    return inner.read(question);
  }

  @Override
  public long position() {
    return inner.position();
  }

  @Override
  public long awaitAfter(long position, Duration timeout) throws InterruptedException {
    return inner.awaitAfter(position, timeout);
  }

  @Override
  public List<Event> events(long position, int limit) {
    return inner.events(position, limit);
  }

  @Override
  public void close() {
    inner.close();
  }
}
