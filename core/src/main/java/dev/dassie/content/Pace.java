package dev.dassie.content;

import java.util.concurrent.locks.LockSupport;

/// Holds work in the background to a number of bytes a second, so that it takes little from those
/// who wait for the disk. Not thread-safe.
public final class Pace {
  /// Work that need not wait.
  public static final long UNBOUNDED = Long.MAX_VALUE;

  private final long bytesPerSecond;
  private long due = System.nanoTime();

  public Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /// Waits as long as moving so many bytes takes at this pace. An interrupted thread does not wait.
  public void spend(long bytes) {
    if (bytesPerSecond == UNBOUNDED) {
      return;
    }
    long now = System.nanoTime();
    due = Math.max(due, now) + Math.multiplyExact(bytes, 1_000L) / bytesPerSecond * 1_000_000L;
    while (due - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }
}
