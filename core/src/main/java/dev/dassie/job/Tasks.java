package dev.dassie.job;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /// @param job what the code is told that it runs for
  Tasks(
      JobName job,
      Recipes.Recipe recipe,
      JobInputs inputs,
      Environment environment,
      Disclosure secrets,
      Filesets filesets) {
    this.job = job;
    this.recipe = recipe;
    this.inputs = inputs;
    this.environment = environment;
    this.secrets = secrets;
    this.filesets = filesets;
    this.arms = recipe.spec().input().arms().stream().map(Arm::new).toList();
  }

  Task of(long lease, List<PlannedDatum> datums) {
    PipelineSpec spec = recipe.spec();
    List<Task.Item> items = new ArrayList<>(datums.size());
    for (PlannedDatum datum : datums) {
      items.add(
          new Task.Item(
              datum.id().toString(), datum.key(), datum.parts().stream().map(this::part).toList()));
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
        spec.running() instanceof Running.OnDatums on && on.batching());
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
    return Map.of(
        "PACH_JOB_ID", job.id().value(),
        "PACH_OUTPUT_COMMIT_ID", job.id().value(),
        "PPS_PIPELINE_NAME", job.pipeline(),
        "PPS_PROJECT_NAME", job.project(),
        "PPS_SPEC_COMMIT", recipe.commit().id().value());
  }
}
