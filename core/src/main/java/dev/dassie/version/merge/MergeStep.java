package dev.dassie.version.merge;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import java.util.Optional;

/// One path at which a merge does more than keep what the branch has: a change that it takes over,
/// or a conflict. A side is empty where it has nothing at the path.
///
/// @param conflict why the sides cannot both be had; empty for a change that is taken over
/// @param side whose state the path gets; empty for a conflict that nobody has decided
public record MergeStep(
    FilePath path,
    Optional<Conflict> conflict,
    Optional<Side> side,
    Optional<Entry> base,
    Optional<Entry> ours,
    Optional<Entry> theirs) {
  /// How two sides can be at odds.
  public enum Conflict {
    /// Both changed the file, differently.
    BOTH_CHANGED,
    /// Both added a file, differently.
    BOTH_ADDED,
    /// Ours deleted what theirs changed.
    DELETED_BY_US,
    /// Theirs deleted what ours changed.
    DELETED_BY_THEM,
    /// A file on one side, a directory on the other: it stands for all beneath the path.
    FILE_AND_DIRECTORY;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Whether somebody has to decide.
  public boolean isOpen() {
    return side.isEmpty();
  }

  /// What the path will hold; for a conflict that is open, what the branch has.
  public Optional<Entry> result() {
    return switch (side.orElse(Side.OURS)) {
      case OURS -> ours;
      case THEIRS -> theirs;
      case BASE -> base;
    };
  }
}
