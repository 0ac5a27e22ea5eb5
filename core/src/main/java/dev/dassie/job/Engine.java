package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.job.bucket.Grant;
import dev.dassie.job.bucket.Grants;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.Versions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// What all runs of jobs share. `turns` bounds the tasks that executors have at once; `grants` are
/// what those that run reach through S3.
record Engine(
    Metadata metadata,
    ChunkStore chunks,
    Versions versions,
    Recipes recipes,
    Results results,
    KeyLocks locks,
    Recorder recorder,
    Executor executor,
    Outlet outlet,
    Turns turns,
    Path spillFolder,
    InstantSource clock,
    Grants grants) {
  /// An engine whose runs have no grants yet.
  Engine(
      Metadata metadata,
      ChunkStore chunks,
      Versions versions,
      Recipes recipes,
      Results results,
      KeyLocks locks,
      Recorder recorder,
      Executor executor,
      Outlet outlet,
      Turns turns,
      Path spillFolder,
      InstantSource clock) {
    this(
        metadata,
        chunks,
        versions,
        recipes,
        results,
        locks,
        recorder,
        executor,
        outlet,
        turns,
        spillFolder,
        clock,
        new Grants(versions));
  }

  /// What a run of a spec reaches through S3, where it does; whoever asks closes it when the last
  /// result is recorded.
  ///
  /// @param run in whose name its requests are
  Optional<Grant> grant(PipelineSpec spec, JobInputs inputs, JobName run) {
    return inputs.grant(versions, grants, spec, run);
  }
}
