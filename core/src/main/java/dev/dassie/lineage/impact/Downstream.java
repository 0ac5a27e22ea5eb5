package dev.dassie.lineage.impact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// An answer that is computed as it is read, and ends after [Impacts#MAX_LISTED]. Closed after use.
/// Not thread-safe.
public abstract sealed class Downstream implements Iterator<Affected>, AutoCloseable
    permits CommitsDownstream, FilesDownstream {
  private final Deque<Affected> ready = new ArrayDeque<>();
  private int listed;
  private boolean cut;

  /// Finds more; false where there is no more.
  abstract boolean more();

  final void list(Affected affected) {
    if (cut) {
      return;
    }
    if (listed == Impacts.MAX_LISTED) {
      cut = true;
      ready.add(
          new Affected.Cut(
              affected.depth(), "The answer ends after %,d lines.".formatted(Impacts.MAX_LISTED)));
      return;
    }
    listed++;
    ready.add(affected);
  }

  @Override
  public final boolean hasNext() {
    boolean goesOn = true;
    while (ready.isEmpty() && !cut && goesOn) {
      goesOn = more();
    }
    return !ready.isEmpty();
  }

  @Override
  public final Affected next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.removeFirst();
  }

  @Override
  public abstract void close();
}
