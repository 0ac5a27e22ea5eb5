package dev.dassie.version.merge;

import dev.dassie.fileset.Fileset;
import dev.dassie.version.CommitId;
import dev.dassie.version.Landing;
import java.util.Iterator;
import java.util.Optional;

/// What a merge or a revert would do: three filesets and the paths at which something happens.
///
/// @param kind what it comes to if every conflict is decided
/// @param base the common ancestor; of a revert the commit that is undone
/// @param steps computed as they are read
public record Plan(
    Outcome.Kind kind,
    Optional<CommitId> base,
    Landing.Place place,
    Sides sides,
    Iterator<MergeStep> steps) {
  /// The filesets of a three-way comparison.
  public record Sides(Fileset base, Fileset ours, Fileset theirs) {
    Fileset of(Side side) {
      return switch (side) {
        case BASE -> base;
        case OURS -> ours;
        case THEIRS -> theirs;
      };
    }
  }
}
