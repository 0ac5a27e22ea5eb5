package dev.dassie.pipeline;

import dev.dassie.fileset.Fileset;
import java.util.Optional;

/// What a person hands in for one pipeline.
///
/// @param text the spec as written; kept as `/spec.json`
/// @param source the uploaded directory, published; kept as `/source`. There must be one if and
///   only if the spec names one.
/// @param sourceFacts JSON that says where the source comes from (git commit, whether it was
///   dirty); kept as `/source.json`
public record Draft(
    PipelineSpec spec, String text, Optional<Fileset> source, Optional<String> sourceFacts) {}
