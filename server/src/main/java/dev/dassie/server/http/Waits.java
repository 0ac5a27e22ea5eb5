package dev.dassie.server.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The requests that wait for something to happen. When the server ends they are interrupted, and
/// only they: an interrupt elsewhere would close files that others read. Thread-safe.
public final class Waits implements AutoCloseable {
  private final Set<Thread> waiting = new HashSet<>();
  private final List<Runnable> others = new ArrayList<>();
  private boolean closed;

  /// A wait that an interrupt ends.
  @FunctionalInterface
  public interface Wait<T> {
    T await() throws InterruptedException;
  }

  /// Waits on this thread.
  ///
  /// @throws InterruptedException when the server ends
  public <T> T during(Wait<T> wait) throws InterruptedException {
    Thread thread = Thread.currentThread();
    synchronized (this) {
      if (closed) {
        throw new InterruptedException("the server is ending");
      }
      waiting.add(thread);
    }
    try {
      return wait.await();
    } finally {
      synchronized (this) {
        waiting.remove(thread);
        // One that came too late must not reach what the thread does next.
        boolean _ = Thread.interrupted();
      }
    }
  }

  /// What else is to be ended when the waits are.
  synchronized void endingToo(Runnable ending) {
    others.add(ending);
  }

  /// Ends all waits, and those that would begin.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      waiting.forEach(Thread::interrupt);
    }
    others.forEach(Runnable::run);
  }
}
