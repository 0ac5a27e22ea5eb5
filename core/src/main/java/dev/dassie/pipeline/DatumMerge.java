package dev.dassie.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/// Merges streams that are each in the order of [Datum#orderKey] into one, and lets datums that do
/// the same work pass once. Holds one datum of each stream, and those that share all names and
/// paths. Not thread-safe.
final class DatumMerge implements Iterator<Datum> {
  private record Head(byte[] key, Datum datum, Iterator<Datum> rest) {}

  private final PriorityQueue<Head> heads =
      new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
  private final List<Datum> group = new ArrayList<>();
  private final Deque<Datum> ready = new ArrayDeque<>();

  DatumMerge(List<Iterator<Datum>> streams) {
    streams.forEach(this::push);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !heads.isEmpty()) {
      step();
    }
    return !ready.isEmpty();
  }

  @Override
  public Datum next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.removeFirst();
  }

  private void step() {
    Head head = heads.remove();
    push(head.rest());
    Datum datum = head.datum();
    if (!group.isEmpty() && !samePlaces(group.getFirst(), datum)) {
      group.clear();
    }
    if (group.stream().noneMatch(datum::sameWork)) {
      group.add(datum);
      ready.add(datum);
    }
  }

  private void push(Iterator<Datum> stream) {
    if (stream.hasNext()) {
      Datum datum = stream.next();
      heads.add(new Head(datum.orderKey(), datum, stream));
    }
  }

  private static boolean samePlaces(Datum one, Datum other) {
    if (one.parts().size() != other.parts().size()) {
      return false;
    }
    for (int i = 0; i < one.parts().size(); i++) {
      Datum.Part mine = one.parts().get(i);
      Datum.Part its = other.parts().get(i);
      if (!mine.name().equals(its.name()) || !mine.path().equals(its.path())) {
        return false;
      }
    }
    return true;
  }
}
