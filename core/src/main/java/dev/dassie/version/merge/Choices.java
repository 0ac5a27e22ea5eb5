package dev.dassie.version.merge;

import dev.dassie.fileset.FilePath;
import java.util.Map;
import java.util.Optional;

/// What to do about conflicts: a side for single paths, or for all beneath a directory, and one for
/// the rest. The longest path wins.
public record Choices(Optional<Side> rest, Map<FilePath, Side> paths) {
  public static final Choices NONE = new Choices(Optional.empty(), Map.of());

  public Choices {
    paths = Map.copyOf(paths);
  }

  /// The side for a conflict, if one was chosen.
  public Optional<Side> of(FilePath conflict) {
    FilePath path = conflict;
    while (true) {
      Side side = paths.get(path);
      if (side != null) {
        return Optional.of(side);
      }
      if (path.isRoot()) {
        return rest;
      }
      path = path.parent();
    }
  }
}
