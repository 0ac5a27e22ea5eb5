package dev.dassie.pipeline;

import dev.dassie.version.BranchName;
import java.util.List;

/// Which data a pipeline reads, and how it is cut into datums.
public sealed interface Input {
  /// The inputs that read a branch, left to right.
  default List<Files> arms() {
    return switch (this) {
      case Files files -> List.of(files);
      case Cross cross -> cross.parts().stream().flatMap(part -> part.arms().stream()).toList();
      case Union union -> union.parts().stream().flatMap(part -> part.arms().stream()).toList();
    };
  }

  /// The branches that are read, each once, left to right.
  default List<BranchName> branches() {
    return arms().stream().map(Files::branch).distinct().toList();
  }

  /// Files of one branch (or tag): each path that `glob` matches is one datum. `name` is the folder
  /// under `/pfs`. With `emptyFiles` only names are shown.
  record Files(String name, BranchName branch, String glob, boolean emptyFiles) implements Input {}

  /// Every combination of one datum of each part.
  record Cross(List<Input> parts) implements Input {
    public Cross {
      parts = List.copyOf(parts);
    }
  }

  /// The datums of all parts.
  record Union(List<Input> parts) implements Input {
    public Union {
      parts = List.copyOf(parts);
    }
  }
}
