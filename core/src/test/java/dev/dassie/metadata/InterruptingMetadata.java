package dev.dassie.metadata;

import java.util.Optional;
import java.util.function.Function;

/// Lets another client come between two calls of one that uses it: a way to have two of them at
/// once without threads.
public class InterruptingMetadata extends ForwardingMetadata {
  private Optional<Runnable> afterRead = Optional.empty();
  private Optional<Runnable> beforeWrite = Optional.empty();

  public InterruptingMetadata(Metadata rows) {
    super(rows);
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
    return super.write(change);
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    T answer = super.read(question);
    Optional<Runnable> other = afterRead;
    afterRead = Optional.empty();
    other.ifPresent(Runnable::run);
    return answer;
  }
}
