package dev.dassie.job.standing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// One life of a process that is reached from outside: looks until the program takes connections,
/// and opens the gate to it then. Thread-safe.
final class Opening implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  /// How long a program may be in taking connections before it counts as one that does not.
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /// What is told, on a thread of its own.
  interface Listener {
    /// It takes connections. The call MUST return soon.
    void opened();

    /// It does not yet, or it does: whatever comes now is no longer the beginning.
    void settled();
  }

  private final int port;
  private final Gate gate;
  private final Listener listener;
  private boolean over;

  Opening(int port, Gate gate, Listener listener) {
    this.port = port;
    this.gate = gate;
    this.listener = listener;
    Thread _ = Thread.ofVirtual().name("opening-" + port).start(this::look);
  }

  private void look() {
    long start = System.nanoTime();
    try {
      for (Duration pause = LOOK; !isOver(); pause = longer(pause)) {
        Optional<InetSocketAddress> found = Knock.at(port);
        if (found.isPresent()) {
          open(found.get());
          listener.settled();
          return;
        }
        if (System.nanoTime() - start > SETTLING.toNanos()) {
          listener.settled();
        }
        rest(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longer(Duration look) {
    Duration next = look.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : next;
  }

  private synchronized void open(InetSocketAddress at) {
    if (!over) {
      gate.open(at);
      listener.opened();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized void rest(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toMillis(); !over && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  /// The process has ended: nobody is sent to it any more, and nothing is told.
  @Override
  public synchronized void close() {
    over = true;
    notifyAll();
    gate.hold();
  }
}
