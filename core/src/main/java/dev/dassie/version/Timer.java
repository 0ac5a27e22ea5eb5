package dev.dassie.version;

import dev.dassie.metadata.Metadata;
import dev.dassie.version.Alarms.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Rings alarms when their time has come, one after the other, on a thread of its own. Whoever is
/// rung sets the alarm anew or takes it away; where that fails, it is rung again a little later.
/// Alarms outlive the server: those that were due meanwhile ring when it starts. Thread-safe.
public final class Timer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.timer");
  private static final int BATCH = 1_000;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Versions versions;
  private final Map<String, Consumer<Alarm>> bells;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean waiting;

  /// @param bells who is rung, by the kind of alarm
  public Timer(Versions versions, Map<String, Consumer<Alarm>> bells) {
    this.versions = versions;
    this.bells = Map.copyOf(bells);
    this.thread = Thread.ofVirtual().name("timer").unstarted(this::run);
  }

  /// Rings from now on.
  public void start() {
    thread.start();
  }

  /// Rings what is due now, each alarm once, and says whether all went well.
  public boolean ring() {
    Instant now = versions.clock().instant();
    List<Alarm> first = versions.metadata().read(rows -> Alarms.first(rows, BATCH));
    boolean good = true;
    for (Alarm alarm : first) {
      if (isClosed() || alarm.at().isAfter(now)) {
        return good;
      }
      good &= ring(alarm);
    }
    return good;
  }

  private boolean ring(Alarm alarm) {
    try {
      Optional.ofNullable(bells.get(alarm.kind())).ifPresent(bell -> bell.accept(alarm));
      return !versions.metadata().read(rows -> Alarms.isSet(rows, alarm));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The alarm of " + alarm.name() + " was not heeded", e);
      return false;
    }
  }

  private void run() {
    try {
      while (!isClosed()) {
        await(look());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// For how long there is nothing to do, unless something happens in the feed after `position`.
  private record Rest(long position, Duration time) {}

  /// Rings; nothing where there was trouble.
  private Optional<Rest> look() {
    try {
      long position = versions.position();
      return ring() ? Optional.of(new Rest(position, untilNext())) : Optional.empty();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The timer could not read its alarms", e);
      return Optional.empty();
    }
  }

  /// Waits for the next alarm, or for an event, with which an earlier one may have come. Only here
  /// it may be interrupted: an interrupt elsewhere could close files that others read.
  private void await(Optional<Rest> rest) throws InterruptedException {
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      waiting = rest.isPresent();
    }
    if (rest.isEmpty()) {
      boolean _ = closed.await(AFTER_TROUBLE.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    try {
      long _ = versions.metadata().awaitAfter(rest.get().position(), rest.get().time());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "The timer could not wait for events", e);
    } finally {
      synchronized (this) {
        waiting = false;
      }
    }
  }

  private Duration untilNext() {
    Instant now = versions.clock().instant();
    Metadata metadata = versions.metadata();
    Duration time =
        metadata.read(rows -> Alarms.first(rows, 1)).stream()
            .findFirst()
            .map(alarm -> Duration.between(now, alarm.at()))
            .orElse(LONGEST_WAIT);
    if (time.compareTo(LONGEST_WAIT) > 0) {
      return LONGEST_WAIT;
    }
    return time.isPositive() ? time : Duration.ofMillis(1);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /// Ends it after the alarm that is being heeded, within seconds.
  @Override
  public void close() {
    synchronized (this) {
      closed.countDown();
      if (waiting) {
        thread.interrupt();
      }
    }
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      boolean _ = thread.join(CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
