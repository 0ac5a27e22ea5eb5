package dev.dassie.lineage;

import dev.dassie.fileset.FilePath;
import dev.dassie.version.CommitName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/// Goes upstream from a file, depth first, each place once. Holds the places that are listed or
/// wait to be, at most [Lineage#MAX_STEPS] and what the last of them read. Not thread-safe.
final class Walk implements Iterator<Step> {
  private record Seen(CommitName commit, FilePath path) {}

  private final Makers makers;
  private final Deque<Step> waiting = new ArrayDeque<>();
  private final Deque<Step> ready = new ArrayDeque<>();
  private final Set<Seen> seen = new HashSet<>();
  private int listed;
  private boolean cut;

  /// @param first the place to begin with; what made it is looked up
  Walk(Makers makers, Step first) {
    this.makers = makers;
    waiting.push(first);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !waiting.isEmpty() && !cut) {
      take(waiting.pop());
    }
    return !ready.isEmpty();
  }

  @Override
  public Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.removeFirst();
  }

  private void take(Step step) {
    if (step.made() instanceof Step.Cut) {
      list(step);
      return;
    }
    if (!seen.add(new Seen(step.file().commit(), step.file().path()))) {
      return;
    }
    if (step.depth() > Lineage.MAX_DEPTH) {
      end(step, "The answer ends after %d stages.".formatted(Lineage.MAX_DEPTH));
      return;
    }
    List<Step> upstream = makers.of(step, this::list);
    // The first of them is to be listed first.
    upstream.reversed().forEach(waiting::push);
  }

  private void list(Step step) {
    if (cut) {
      return;
    }
    if (listed == Lineage.MAX_STEPS) {
      end(step, "The answer ends after %d steps.".formatted(Lineage.MAX_STEPS));
      return;
    }
    listed++;
    ready.add(step);
  }

  private void end(Step step, String sentence) {
    cut = true;
    ready.add(new Step(step.depth(), step.file(), new Step.Cut(sentence)));
  }
}
