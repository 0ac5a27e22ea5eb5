package dev.dassie.server.console;

import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.Commit;
import java.util.Optional;

/// A version of a pipeline in the list.
///
/// @param commit that holds its spec and code
/// @param version what it was; nothing where that is not known any more
/// @param code whether code came with the spec
public record PipelineVersion(Commit commit, Optional<Pipeline> version, boolean code) {
  /// What its spec changed against the version before.
  public String specDiff() {
    return Links.about(repo(), id(), "diff", Pipelines.SPEC);
  }

  /// What its code changed.
  public String codeDiff() {
    return Links.about(repo(), id(), "diff", Pipelines.SOURCE);
  }

  public String id() {
    return commit.name().id().value();
  }

  private dev.dassie.version.RepoName repo() {
    return commit.name().repo();
  }
}
