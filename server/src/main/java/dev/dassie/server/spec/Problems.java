package dev.dassie.server.spec;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Fault.InvalidDocument.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Gathers what is wrong with a document, so that people see all of it at once. Not thread-safe.
final class Problems {
  /// More are not told; nobody reads them.
  private static final int MOST = 200;

  private final List<Problem> problems = new ArrayList<>();

  void add(Node.Place place, String message) {
    add(place, message, Optional.empty());
  }

  void add(Node.Place place, String message, Optional<String> hint) {
    if (!isFull()) {
      problems.add(new Problem(place.line(), place.column(), message, hint));
    }
  }

  /// Whether no more are taken: looking for hints is not worth it any more.
  boolean isFull() {
    return problems.size() >= MOST;
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /// Refuses the document if anything is wrong with it.
  void throwIfAny() {
    if (!problems.isEmpty()) {
      List<Problem> sorted = new ArrayList<>(problems);
      sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new Fault.InvalidDocument(SpecReader.DOCUMENT, sorted).asException();
    }
  }
}
