package dev.dassie.server.http;

import dev.dassie.version.Page;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiFunction;

/// All items of a list that comes in pages, one page in memory at a time. Not thread-safe.
final class PagedIterator<T> implements Iterator<T> {
  private static final int PAGE = 1000;

  private final BiFunction<String, Integer, Page<T>> pages;
  private Iterator<T> items = List.<T>of().iterator();
  private Optional<String> next;

  /// @param pages gives the page that comes after a cursor, of a size at most
  PagedIterator(BiFunction<String, Integer, Page<T>> pages, String cursor) {
    this.pages = pages;
    this.next = Optional.of(cursor);
  }

  @Override
  public boolean hasNext() {
    while (!items.hasNext() && next.isPresent()) {
      Page<T> page = pages.apply(next.get(), PAGE);
      items = page.items().iterator();
      next = page.next();
    }
    return items.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return items.next();
  }
}
