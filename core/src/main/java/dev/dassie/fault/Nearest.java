package dev.dassie.fault;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the known name that a person most likely meant.
public final class Nearest {
  private static final int LONGEST = 100;

  private Nearest() {}

  /// The name of `known` with the least edit distance to `wanted` (insert, delete, replace, swap of
  /// neighbours; case does not count), or nothing when none is near: more than a third of the
  /// letters would change. Ties go to the smallest name, so the answer does not depend on the order
  /// of `known`. Costs O(length² · names); longer names than 100 characters have no nearest.
  public static Optional<String> of(String wanted, Collection<String> known) {
    if (wanted.isEmpty() || wanted.length() > LONGEST) {
      return Optional.empty();
    }
    int best = Math.max(1, (wanted.length() + 2) / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (String name : known) {
      if (Math.abs(name.length() - wanted.length()) > best) {
        continue;
      }
      int distance = distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      boolean tie = distance == best && nearest.isPresent();
      if (distance < best || (tie && name.compareTo(nearest.orElse(name)) < 0)) {
        best = distance;
        nearest = Optional.of(name);
      }
    }
    return nearest;
  }

  /// A hint that asks `Did you mean ...?`, where a name is near.
  public static Optional<String> hint(String wanted, Collection<String> known) {
    return of(wanted, known).map("Did you mean `%s`?"::formatted);
  }

  /// Optimal string alignment distance.
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = cost[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
