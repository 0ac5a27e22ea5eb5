package dev.dassie.lineage.reason;

import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.CommitName;
import java.util.List;
import java.util.Optional;

/// All that decides results beside the data: a version of a pipeline, and what it runs on.
///
/// @param commit of the spec repo
/// @param files of that commit; absent where they are gone
/// @param source the content of the code that came with the spec
/// @param facts of the environment; absent where they are not known
public record Computation(
    PipelineSpec spec,
    CommitName commit,
    Optional<Fileset> files,
    Optional<Hash> source,
    Optional<List<String>> facts) {}
