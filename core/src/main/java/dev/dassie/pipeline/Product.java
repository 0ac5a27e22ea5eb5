package dev.dassie.pipeline;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/// Every combination of one element of each list, the last list turning fastest. Holds one element
/// and one open iterator of each list; a later list is read again for every element of those
/// before. No list has no combination. Not thread-safe.
final class Product<T> implements Iterator<List<T>> {
  private final List<Supplier<Iterator<T>>> lists;
  private final List<Iterator<T>> open = new ArrayList<>();
  private final List<T> chosen = new ArrayList<>();

  /// @param lists each from its first element on, as often as wanted
  Product(List<Supplier<Iterator<T>>> lists) {
    this.lists = List.copyOf(lists);
    if (!lists.isEmpty()) {
      open.add(this.lists.getFirst().get());
      settle();
    }
  }

  @Override
  public boolean hasNext() {
    return !lists.isEmpty() && chosen.size() == lists.size();
  }

  @Override
  public List<T> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<T> combination = List.copyOf(chosen);
    chosen.removeLast();
    settle();
    return combination;
  }

  /// Chooses elements until every list has one, stepping back where a list has no more.
  private void settle() {
    while (!open.isEmpty() && chosen.size() < lists.size()) {
      Iterator<T> elements = open.getLast();
      if (elements.hasNext()) {
        chosen.add(elements.next());
        if (chosen.size() < lists.size()) {
          open.add(lists.get(open.size()).get());
        }
      } else {
        open.removeLast();
        if (!chosen.isEmpty()) {
          chosen.removeLast();
        }
      }
    }
  }
}
