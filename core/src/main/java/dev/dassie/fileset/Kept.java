package dev.dassie.fileset;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a function keeps of another iterator, while a condition holds. Not thread-safe.
final class Kept<T, R> implements Iterator<R> {
  private final Iterator<T> all;
  private final Function<T, Optional<R>> keep;
  private final Predicate<T> goOn;
  private Optional<R> next = Optional.empty();
  private boolean ended;

  Kept(Iterator<T> all, Function<T, Optional<R>> keep, Predicate<T> goOn) {
    this.all = all;
    this.keep = keep;
    this.goOn = goOn;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && !ended && all.hasNext()) {
      T element = all.next();
      ended = !goOn.test(element);
      if (!ended) {
        next = keep.apply(element);
      }
    }
    return next.isPresent();
  }

  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    R element = next.orElseThrow();
    next = Optional.empty();
    return element;
  }
}
