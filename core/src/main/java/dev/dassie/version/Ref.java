package dev.dassie.version;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A name for a commit.
public sealed interface Ref {
  BranchName name();

  Optional<CommitId> head();

  /// A movable name. `provenance` are the branches it is computed from: empty for a branch that
  /// users write to. `pipeline` owns the branch if it is an output.
  record Branch(
      BranchName name,
      Optional<CommitId> head,
      List<BranchName> provenance,
      Optional<String> pipeline,
      String author,
      Instant created,
      Map<String, String> metadata)
      implements Ref {
    public Branch {
      provenance = List.copyOf(provenance);
      metadata = Map.copyOf(metadata);
    }

    /// Whether a pipeline writes it and users may not.
    public boolean isOutput() {
      return pipeline.isPresent();
    }
  }

  /// A name that never moves.
  record Tag(BranchName name, CommitId commit, String author, Instant created) implements Ref {
    @Override
    public Optional<CommitId> head() {
      return Optional.of(commit);
    }
  }
}
