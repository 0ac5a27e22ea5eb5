package dev.dassie.version;

import java.util.List;
import java.util.Optional;

/// Finds the name that was meant.
public final class Nearest {
  private Nearest() {}

  /// A sentence with the candidate nearest to `name`, if one is at most two edits (and less than
  /// half the name) away.
  public static Optional<String> hint(String name, List<String> candidates) {
    return of(name, candidates).map("Did you mean `%s`?"::formatted);
  }

  /// The candidate nearest to `name` under the same rule.
  public static Optional<String> of(String name, List<String> candidates) {
    int best = Math.min(3, (name.length() + 1) / 2 + 1);
    Optional<String> found = Optional.empty();
    for (String candidate : candidates) {
      int edits = edits(name, candidate);
      if (edits < best) {
        best = edits;
        found = Optional.of(candidate);
      }
    }
    return found;
  }

  /// The Levenshtein distance, ignoring case.
  private static int edits(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        char a = Character.toLowerCase(left.charAt(i - 1));
        char b = Character.toLowerCase(right.charAt(j - 1));
        int replaced = diagonal + (a == b ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
