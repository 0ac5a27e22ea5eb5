package dev.dassie.job;

import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.CommitName;
import java.util.Optional;

/// Recipes out of the pipelines of an instance. Thread-safe.
public final class PipelineRecipes implements Recipes {
  private final Pipelines pipelines;

  public PipelineRecipes(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  @Override
  public Recipe of(CommitName spec) {
    Pipeline pipeline =
        pipelines
            .version(spec)
            .orElseThrow(() ->
                new Fault.NotFound("version of a pipeline", spec.toString(), Optional.empty())
                    .asException());
    return new Recipe(pipeline.spec(), pipeline.version(), spec, pipelines.source(spec));
  }
}
