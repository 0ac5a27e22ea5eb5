package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes what is read of what was looked up. Thread-safe.
///
/// @param reader of finished commits
record Showing(OpenViews views, SharedReader reader) {
  /// Commits that may end under a read, one after another, before it gives up.
  private static final int MAX_LOOKS = 100;

  /// What is shown. Where a commit was open when it was looked up and has ended since, it is looked
  /// up anew: readers of a branch never meet the moment between.
  ReadView of(Supplier<Reading.Shown> looksUp) {
    for (int look = 0; look < MAX_LOOKS; look++) {
      Reading.Shown now = looksUp.get();
      Optional<ReadView> view = view(now.row().commit(), now.note());
      if (view.isPresent()) {
        return view.get();
      }
    }
    throw new Fault.Unavailable(
            "What is read", "it changed %d times while it was looked up".formatted(MAX_LOOKS))
        .asException();
  }

  private Optional<ReadView> view(Commit commit, Optional<String> note) {
    return switch (commit.state()) {
      case Commit.Finished finished ->
          Optional.of(new ReadView(commit, finished.files(), reader, note));
      case Commit.Open _ ->
          views
              .of(commit.name())
              .map(view -> new ReadView(commit, view.files(), view.reader(), note));
      case Commit.Failed failed -> throw Reading.failed(commit, failed).asException();
    };
  }
}
