package dev.dassie.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The known word that a mistyped one was meant to be.
final class Nearest {
  private static final int LENGTH_MAX = 64;

  private Nearest() {}

  /// The nearest word by edits; empty when the nearest differs in more than a third of its letters
  /// (at least two may differ).
  static Optional<String> to(String typed, List<String> known) {
    if (typed.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    return known.stream()
        .filter(word -> edits(typed, word) <= Math.max(2, word.length() / 3))
        .filter(word -> edits(typed, word) < word.length())
        .min(Comparator.comparingInt(word -> edits(typed, word)));
  }

  /// Insertions, deletions and replacements between two words (Levenshtein 1965).
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
