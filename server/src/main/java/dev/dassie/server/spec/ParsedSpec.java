package dev.dassie.server.spec;

import dev.dassie.pipeline.PipelineSpec;
import java.util.List;

/// A spec that was read and found good.
///
/// @param text what the person wrote: the whole file, or the part of this spec where the file holds
///   several
/// @param notes sentences that the person should see: what is kept and not used
public record ParsedSpec(PipelineSpec spec, String text, List<String> notes) {
  public ParsedSpec {
    notes = List.copyOf(notes);
  }
}
