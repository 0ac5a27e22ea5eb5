package dev.dassie.pipeline;

import dev.dassie.fileset.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;

/// Every combination of one match of each arm, the last arm turning fastest. Holds one match and
/// one open iterator of each arm; a later arm is listed again for every match of the arms before.
/// Not thread-safe.
final class CrossCursor implements Iterator<Datum> {
  /// One arm: how a match becomes a part, and the matches from the first on, as often as wanted.
  record Arm(Function<Entry, Datum.Part> part, Supplier<Iterator<Entry>> matches) {}

  private final List<Arm> arms;
  private final List<Iterator<Entry>> open = new ArrayList<>();
  private final List<Datum.Part> chosen = new ArrayList<>();

  CrossCursor(List<Arm> arms) {
    this.arms = List.copyOf(arms);
    if (!arms.isEmpty()) {
      open.add(this.arms.getFirst().matches().get());
      settle();
    }
  }

  @Override
  public boolean hasNext() {
    return !arms.isEmpty() && chosen.size() == arms.size();
  }

  @Override
  public Datum next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Datum datum = new Datum(chosen);
    chosen.removeLast();
    settle();
    return datum;
  }

  /// Chooses matches until every arm has one, stepping back where an arm has no more.
  private void settle() {
    while (!open.isEmpty() && chosen.size() < arms.size()) {
      Iterator<Entry> matches = open.getLast();
      if (matches.hasNext()) {
        chosen.add(arms.get(open.size() - 1).part().apply(matches.next()));
        if (chosen.size() < arms.size()) {
          open.add(arms.get(open.size()).matches().get());
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
