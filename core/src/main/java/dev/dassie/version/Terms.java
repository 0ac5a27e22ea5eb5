package dev.dassie.version;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a writer asks for beside its edits.
///
/// @param expected the commit that it must stand on, if that matters
/// @param preconditions what paths must be when it becomes visible
/// @param along further rows of the same transaction
/// @param opening where it goes into an open commit that is started if there is none: further rows
///   of the transaction that starts it
record Terms(
    Optional<Expected> expected,
    List<Precondition> preconditions,
    List<Consumer<Change>> along,
    Optional<Consumer<Change>> opening) {
  static final Terms NONE = new Terms(Optional.empty(), List.of(), List.of(), Optional.empty());

  Terms {
    preconditions = List.copyOf(preconditions);
    along = List.copyOf(along);
  }

  Terms onto(Optional<CommitId> commit) {
    return new Terms(Optional.of(new Expected(commit)), preconditions, along, opening);
  }

  Terms and(Precondition more) {
    return new Terms(expected, joined(preconditions, more), along, opening);
  }

  Terms and(Consumer<Change> more) {
    return new Terms(expected, preconditions, joined(along, more), opening);
  }

  Terms opening(Consumer<Change> rows) {
    return new Terms(expected, preconditions, along, Optional.of(rows));
  }

  private static <T> List<T> joined(List<T> some, T more) {
    return java.util.stream.Stream.concat(some.stream(), java.util.stream.Stream.of(more)).toList();
  }
}
