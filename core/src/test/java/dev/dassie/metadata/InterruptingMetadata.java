package dev.dassie.metadata;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Lets another client come between two calls of one that uses it: a way to have two of them at
/// once without threads.
public class InterruptingMetadata implements Metadata {
  private final Metadata rows;
  private Optional<Runnable> afterRead = Optional.empty();
  private Optional<Runnable> beforeWrite = Optional.empty();

  public InterruptingMetadata(Metadata rows) {
    this.rows = rows;
  }

  /// Runs once, after the next read.
  public void afterNextRead(Runnable other) {
    afterRead = Optional.of(other);
  }

  /// Runs once, before the next transaction.
  public void beforeNextWrite(Runnable other) {
    beforeWrite = Optional.of(other);
  }

  /// Whether nothing has come between so far; what was to come is forgotten.
  public boolean uninterrupted() {
    boolean waiting = beforeWrite.isPresent();
    beforeWrite = Optional.empty();
    return waiting;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
    Optional<Runnable> other = beforeWrite;
    beforeWrite = Optional.empty();
    other.ifPresent(Runnable::run);
    return rows.write(change);
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    T answer = rows.read(question);
    Optional<Runnable> other = afterRead;
    afterRead = Optional.empty();
    other.ifPresent(Runnable::run);
    return answer;
  }

  @Override
  public long position() {
    return rows.position();
  }

  @Override
  public long awaitAfter(long position, Duration timeout) throws InterruptedException {
    return rows.awaitAfter(position, timeout);
  }

  @Override
  public List<Event> events(long position, int limit) {
    return rows.events(position, limit);
  }

  @Override
  public void close() {
    rows.close();
  }
}
