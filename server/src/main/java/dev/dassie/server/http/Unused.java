package dev.dassie.server.http;

import dev.dassie.job.Executor;
import dev.dassie.pipeline.PipelineSpec;
import java.util.List;

/// The fields of a spec that are kept and not used.
final class Unused {
  private Unused() {}

  /// Without those that this executor uses.
  static List<String> of(PipelineSpec spec, Executor executor) {
    return spec.unused().stream().filter(field -> !executor.uses().contains(field)).toList();
  }
}
