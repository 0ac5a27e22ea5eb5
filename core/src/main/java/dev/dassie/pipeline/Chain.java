package dev.dassie.pipeline;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/// What comes of each element of another iterator, one after another. Not thread-safe.
final class Chain<S, T> implements Iterator<T> {
  private final Iterator<S> rest;
  private final Function<S, Iterator<T>> each;
  private Iterator<T> now = Collections.emptyIterator();

  Chain(Iterator<S> rest, Function<S, Iterator<T>> each) {
    this.rest = rest;
    this.each = each;
  }

  @Override
  public boolean hasNext() {
    while (!now.hasNext() && rest.hasNext()) {
      now = each.apply(rest.next());
    }
    return now.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return now.next();
  }
}
