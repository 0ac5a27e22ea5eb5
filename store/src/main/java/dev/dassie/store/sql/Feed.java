package dev.dassie.store.sql;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The newest position of the feed that this process knows of, and those who wait for the next.
/// Thread-safe.
final class Feed {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile long position;
  private volatile boolean closed;

  long position() {
    return position;
  }

  /// Tells of a position; one that is not newer changes nothing.
  void publish(long newest) {
    if (newest <= position) {
      return;
    }
    lock.lock();
    try {
      position = Math.max(position, newest);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long awaitAfter(long after, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (position <= after && left > 0 && !closed) {
        left = moved.awaitNanos(left);
      }
      return position;
    } finally {
      lock.unlock();
    }
  }

  /// Ends every wait.
  void close() {
    lock.lock();
    try {
      closed = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
