package dev.dassie.job;

import dev.dassie.fault.Fault;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Secrets;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.CommitName;
import java.util.List;
import java.util.Optional;

/// Recipes out of the pipelines of an instance. Thread-safe.
public final class PipelineRecipes implements Recipes {
  private final Pipelines pipelines;
  private final Secrets secrets;
  private final DatumLimit limit;

  /// @param limit of the datums of a job
  public PipelineRecipes(Pipelines pipelines, Secrets secrets, DatumLimit limit) {
    this.pipelines = pipelines;
    this.secrets = secrets;
    this.limit = limit;
  }

  @Override
  public DatumLimit limit() {
    return limit;
  }

  @Override
  public List<SecretStore.Opened> secrets(PipelineSpec spec) {
    return spec.transform().secrets().isEmpty() ? List.of() : secrets.open(spec);
  }

  @Override
  public List<Secret> secretVersions(PipelineSpec spec) {
    return spec.transform().secrets().isEmpty() ? List.of() : secrets.versions(spec);
  }

  @Override
  public Optional<SecretValues> egressSecret(PipelineSpec spec) {
    return secrets.openEgress(spec);
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
