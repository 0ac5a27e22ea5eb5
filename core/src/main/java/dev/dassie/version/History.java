package dev.dassie.version;

import java.util.Optional;

/// Walks from a commit to its ancestors.
final class History {
  private final Snapshot snapshot;

  History(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  Optional<CommitRow> parent(CommitRow row) {
    return row.commit().parent().flatMap(id -> beside(row, id));
  }

  /// The ancestor (or the commit itself) at a depth, in logarithmic steps.
  Optional<CommitRow> atDepth(CommitRow from, long depth) {
    if (depth < 1 || depth > from.depth()) {
      return Optional.empty();
    }
    CommitRow row = from;
    while (row.depth() > depth) {
      Optional<CommitRow> next =
          row.jump().isPresent() && row.jumpDepth() >= depth
              ? beside(row, row.jump().get())
              : parent(row);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      row = next.get();
    }
    return Optional.of(row);
  }

  /// Whether `old` is `now` or an ancestor of it.
  boolean contains(CommitRow now, CommitRow old) {
    return atDepth(now, old.depth()).filter(row -> row.name().equals(old.name())).isPresent();
  }

  /// The nearest commit that both chains of parents have, in logarithmic steps: both pointers of
  /// two commits of one depth lead to equal depths.
  Optional<CommitRow> common(CommitRow first, CommitRow second) {
    long depth = Math.min(first.depth(), second.depth());
    Optional<CommitRow> left = atDepth(first, depth);
    Optional<CommitRow> right = atDepth(second, depth);
    while (left.isPresent() && right.isPresent()) {
      CommitRow one = left.get();
      CommitRow other = right.get();
      if (one.name().equals(other.name())) {
        return left;
      }
      boolean apart = one.jump().isPresent() && !one.jump().equals(other.jump());
      left = apart ? beside(one, one.jump().get()) : parent(one);
      right = apart ? other.jump().flatMap(id -> beside(other, id)) : parent(other);
    }
    return Optional.empty();
  }

  /// Where the jump pointer of a child of `parent` goes.
  CommitRow jumpFrom(CommitRow parent) {
    if (parent.jump().isEmpty()) {
      return parent;
    }
    Optional<CommitRow> once = beside(parent, parent.jump().get());
    if (once.isPresent() && once.get().jump().isPresent()) {
      CommitRow middle = once.get();
      if (parent.depth() - middle.depth() == middle.depth() - middle.jumpDepth()) {
        return beside(middle, middle.jump().get()).orElse(parent);
      }
    }
    return parent;
  }

  /// The nearest ancestor that is finished: what a commit builds on. Steps over failed commits at
  /// once; only open ones between are walked one by one.
  Optional<CommitRow> nearestFinished(CommitRow from) {
    Optional<CommitRow> row = parent(from);
    while (row.isPresent()) {
      switch (row.get().commit().state()) {
        case Commit.Finished finished -> {
          return row;
        }
        case Commit.Failed failed -> {
          CommitRow here = row.get();
          row = here.nearest().isPresent() ? beside(here, here.nearest().get()) : parent(here);
        }
        case Commit.Open open -> row = parent(row.get());
      }
    }
    return Optional.empty();
  }

  /// What a failed commit may point to: the nearest finished ancestor, if no open one is between.
  Optional<CommitId> pointerOfFailed(CommitRow failing) {
    Optional<CommitRow> row = parent(failing);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    return switch (row.get().commit().state()) {
      case Commit.Finished finished -> Optional.of(row.get().name().id());
      case Commit.Failed failed -> row.get().nearest();
      case Commit.Open open -> Optional.empty();
    };
  }

  private Optional<CommitRow> beside(CommitRow row, CommitId id) {
    return snapshot.commit(new CommitName(row.name().repo(), id));
  }
}
