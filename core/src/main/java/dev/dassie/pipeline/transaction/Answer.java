package dev.dassie.pipeline.transaction;

import dev.dassie.pipeline.Pipeline;
import dev.dassie.version.Commit;
import dev.dassie.version.Project;
import dev.dassie.version.Ref;
import dev.dassie.version.Repo;
import java.util.List;

/// What a step made or changed.
public sealed interface Answer {
  record OfProject(Project project) implements Answer {}

  record OfRepo(Repo repo) implements Answer {}

  record OfRef(Ref ref) implements Answer {}

  record OfCommit(Commit commit) implements Answer {}

  record OfPipelines(List<Pipeline> pipelines) implements Answer {
    public OfPipelines {
      pipelines = List.copyOf(pipelines);
    }
  }

  /// Of what was deleted.
  record Nothing() implements Answer {}
}
