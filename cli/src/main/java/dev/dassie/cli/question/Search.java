package dev.dassie.cli.question;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/// Finds the first bad one of a row of commits, oldest first, by halving: the one before the row is
/// good, the last is bad. Asks at most ⌈log2 N⌉ times where none is skipped. Not thread-safe.
final class Search {
  /// What is known of a commit.
  enum Verdict {
    UNKNOWN,
    GOOD,
    BAD,
    SKIP
  }

  private static final Set<Verdict> DECIDED = EnumSet.of(Verdict.GOOD, Verdict.BAD);

  private final Verdict[] verdicts;
  private int low = -1;
  private int high;

  /// @param known what is known of each, at least one
  Search(Verdict[] known) {
    this.verdicts = known.clone();
    this.high = known.length - 1;
  }

  void learn(int place, Verdict verdict) {
    verdicts[place] = verdict;
  }

  Verdict at(int place) {
    return verdicts[place];
  }

  /// The next to look at; nothing where the answer is as good as it gets.
  OptionalInt next() {
    while (high - low > 1) {
      OptionalInt middle = middle();
      if (middle.isEmpty() || !DECIDED.contains(verdicts[middle.getAsInt()])) {
        return middle;
      }
      if (verdicts[middle.getAsInt()] == Verdict.GOOD) {
        low = middle.getAsInt();
      } else {
        high = middle.getAsInt();
      }
    }
    return OptionalInt.empty();
  }

  /// The one nearest to the middle that is not skipped.
  private OptionalInt middle() {
    int middle = low + (high - low) / 2;
    for (int distance = 0; distance < high - low; distance++) {
      for (int place : new int[] {middle - distance, middle + distance}) {
        if (place > low && place < high && verdicts[place] != Verdict.SKIP) {
          return OptionalInt.of(place);
        }
      }
    }
    return OptionalInt.empty();
  }

  /// The newest that is known to be good; -1 for the one before the row.
  int lastGood() {
    return low;
  }

  /// The oldest that is bad as far as is known.
  int firstBad() {
    return high;
  }

  /// Whether nothing is left between the two.
  boolean certain() {
    return high - low == 1;
  }

  /// How many are left to choose from.
  int left() {
    return high - low;
  }

  /// Whether none that is good comes after one that is bad.
  boolean monotonic() {
    boolean bad = false;
    for (Verdict verdict : verdicts) {
      if (bad && verdict == Verdict.GOOD) {
        return false;
      }
      bad |= verdict == Verdict.BAD;
    }
    return true;
  }
}
