package dev.dassie.executor.container;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The engine, which may be away for a while. Thread-safe.
final class EngineAccess {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final EngineSocket socket;
  private final Duration patience;
  private final Greeting greeting;
  private volatile Optional<Engine> engine = Optional.empty();
  private final ReentrantLock meeting = new ReentrantLock();
  private boolean greeted;
  private volatile Optional<String> trouble = Optional.empty();

  /// @param patience how long [#patiently] waits
  /// @param greeting what is done first, once
  EngineAccess(EngineSocket socket, Duration patience, Greeting greeting) {
    this.socket = socket;
    this.patience = patience;
    this.greeting = greeting;
  }

  /// Something that needs the engine.
  interface Work<T> {
    T with(Engine engine) throws IOException, InterruptedException;
  }

  /// What is done when the engine is found.
  interface Greeting {
    void to(Engine engine) throws IOException, InterruptedException;
  }

  /// Does it now.
  ///
  /// @throws EngineAbsentException where the engine does not answer
  <T> T now(Work<T> work) throws IOException, InterruptedException {
    try {
      T result = work.with(connected());
      trouble = Optional.empty();
      return result;
    } catch (EngineAbsentException e) {
      forget();
      trouble = Optional.of(sentence(String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /// Does it when the engine answers, again from the start where it went away in the middle.
  ///
  /// @throws DassieException `Unavailable` where it does not come back
  <T> T patiently(Work<T> work) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Duration pause = FIRST;
    while (true) {
      try {
        return now(work);
      } catch (EngineAbsentException e) {
        if (System.nanoTime() - start > patience.toNanos()) {
          throw unavailable(e);
        }
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
    }
  }

  /// The refusal of what cannot wait.
  DassieException unavailable(EngineAbsentException e) {
    return new DassieException(
        new Fault.Unavailable(
            "The container engine at `%s`".formatted(socket.path()),
            String.valueOf(e.getMessage())),
        e);
  }

  /// Why nothing can run now, if the last call found nobody.
  Optional<String> trouble() {
    return trouble;
  }

  /// What is known of the engine; nothing before it answered first.
  Optional<Engine.Facts> facts() {
    return engine.map(Engine::facts);
  }

  private String sentence(String reason) {
    return ("The container engine at `%s` does not answer (%s): start it, or say in `engine` of the"
            + " configuration where it is.")
        .formatted(socket.path(), reason);
  }

  private void forget() {
    engine = Optional.empty();
  }

  private Engine connected() throws IOException, InterruptedException {
    Optional<Engine> known = engine;
    if (known.isPresent()) {
      return known.get();
    }
    meeting.lockInterruptibly();
    try {
      known = engine;
      if (known.isPresent()) {
        return known.get();
      }
      Engine found = Engine.connect(socket);
      if (!greeted) {
        greeting.to(found);
        greeted = true;
      }
      engine = Optional.of(found);
      return found;
    } finally {
      meeting.unlock();
    }
  }
}
