package dev.dassie.acceptance;

import java.time.Duration;

/// Counts the calls that were answered, and lets others wait for them. Thread-safe.
final class Acknowledgements {
  private long count;
  private boolean over;

  synchronized void add() {
    count++;
    notifyAll();
  }

  synchronized long count() {
    return count;
  }

  /// Nothing more will be counted until [#begin]: those who wait are let go.
  synchronized void end() {
    over = true;
    notifyAll();
  }

  synchronized void begin() {
    over = false;
  }

  /// Waits until so many were counted; false where that does not come to pass.
  synchronized boolean await(long wanted, Duration timeout) throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (count < wanted && !over) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return count >= wanted;
  }
}
