package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Optional;

/// Which commit a read of an address shows (design S1).
final class Reading {
  private final Snapshot snapshot;

  Reading(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// A commit that can be read, and a sentence if it is not the newest.
  record Shown(CommitRow row, Optional<String> note) {}

  Shown show(RepoName repo, String place) {
    Addresses.Found found = new Addresses(snapshot).find(repo, place);
    if (found.ref().isPresent() && found.ref().get() instanceof Ref.Branch branch) {
      return branch(branch, found.commit());
    }
    return new Shown(checked(found.commit().orElseThrow()), Optional.empty());
  }

  private Shown branch(Ref.Branch branch, Optional<CommitRow> head) {
    if (head.isEmpty()) {
      throw new Fault.NotFound(
              "commit",
              branch.name().toString(),
              Optional.of(
                  branch.isOutput()
                      ? "The pipeline `%s` has no input yet."
                          .formatted(branch.pipeline().orElse(""))
                      : "Put a file into the branch."))
          .asException();
    }
    CommitRow newest = head.get();
    boolean failed = newest.commit().state() instanceof Commit.Failed;
    boolean behind = failed || (newest.output() && newest.commit().isOpen());
    if (!behind) {
      return new Shown(newest, Optional.empty());
    }
    Optional<CommitRow> finished = snapshot.finished(branch.name());
    if (finished.isPresent()) {
      String note =
          "`%s` shows the commit `%s`; the newest one, `%s`, %s."
              .formatted(
                  branch.name(),
                  finished.get().name().id(),
                  newest.name().id(),
                  failed ? "failed" : "is not finished");
      return new Shown(finished.get(), Optional.of(note));
    }
    if (failed) {
      throw new Fault.NotFound(
              "finished commit",
              branch.name().toString(),
              Optional.of("The newest one, `%s`, failed.".formatted(newest.name().id())))
          .asException();
    }
    throw unfinished(newest).asException();
  }

  /// The row itself, if it can be read by its id.
  static CommitRow checked(CommitRow row) {
    if (row.commit().state() instanceof Commit.Failed failed) {
      throw failed(row.commit(), failed).asException();
    }
    if (row.output() && row.commit().isOpen()) {
      throw unfinished(row).asException();
    }
    return row;
  }

  static Fault failed(Commit commit, Commit.Failed failed) {
    return new Fault.Failed(
        "The commit `%s` has no files, it failed: %s".formatted(commit.name(), failed.reason()),
        Optional.empty());
  }

  private static Fault unfinished(CommitRow row) {
    return new Fault.Conflict(
        "The commit `%s` is not finished.".formatted(row.name()),
        Optional.of("Wait for it with `dassie wait commit %s`.".formatted(row.name())));
  }
}
