package dev.dassie.job;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.bucket.Grant;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes tasks for the executor of datums of one version of a pipeline, on the inputs that a job
/// read. Thread-safe.
final class Tasks {
  private static final long LOG_BYTES = 32L << 20;

  private final JobName job;
  private final Recipes.Recipe recipe;
  private final JobInputs inputs;
  private final Environment environment;
  private final Disclosure secrets;
  private final Filesets filesets;
  private final List<Arm> arms;
  private final Optional<Grant> grant;

  /// @param job what the code is told that it runs for
  /// @param grant what the code reaches through S3; closed by whoever made it
  Tasks(
      JobName job,
      Recipes.Recipe recipe,
      JobInputs inputs,
      Environment environment,
      Disclosure secrets,
      Filesets filesets,
      Optional<Grant> grant) {
    this.job = job;
    this.recipe = recipe;
    this.inputs = inputs;
    this.environment = environment;
    this.secrets = grant.map(Grant::secretVariables).map(secrets::with).orElse(secrets);
    this.filesets = filesets;
    this.arms = recipe.spec().input().arms().stream().map(Arm::new).toList();
    this.grant = grant;
  }

  Task of(long lease, List<PlannedDatum> datums) {
    PipelineSpec spec = recipe.spec();
    List<Task.Item> items = new ArrayList<>(datums.size());
    for (PlannedDatum datum : datums) {
      items.add(
          new Task.Item(
              datum.id().toString(),
              datum.key(),
              datum.parts().stream()
                  .filter(part -> !arms.get(part.leaf()).files().s3())
                  .map(this::part)
                  .toList()));
    }
    return new Task(
        lease,
        spec.name(),
        spec.transform(),
        recipe.source(),
        environment,
        secrets,
        env(),
        items,
        new Task.Limits(spec.datumTries(), spec.datumTimeout(), LOG_BYTES, spec.resources()),
        spec.running() instanceof Running.OnDatums on && on.batching(),
        grant.filter(Grant::writes).map(outbox -> outbox));
  }

  /// Bytes of the inputs of a datum.
  long bytes(PlannedDatum datum) {
    return datum.parts().stream().mapToLong(part -> part(part).match().size()).sum();
  }

  private Task.Part part(PlannedDatum.Part part) {
    Job.Source source = inputs.sources().get(part.leaf());
    Fileset files = inputs.files().get(part.leaf()).orElseThrow();
    Entry match = filesets.find(files, part.path()).orElseThrow();
    return new Task.Part(
        source.name(),
        match,
        source.commit().orElseThrow().id().value(),
        source.emptyFiles(),
        arms.get(part.leaf()).joinKey(part.path()),
        arms.get(part.leaf()).groupKey(part.path()));
  }

  private Map<String, String> env() {
    Map<String, String> env = new HashMap<>();
    grant.ifPresent(granted -> env.putAll(granted.variables()));
    env.put("PACH_JOB_ID", job.id().value());
    env.put("PACH_OUTPUT_COMMIT_ID", job.id().value());
    env.put("PPS_PIPELINE_NAME", job.pipeline());
    env.put("PPS_PROJECT_NAME", job.project());
    env.put("PPS_SPEC_COMMIT", recipe.commit().id().value());
    return env;
  }
}
