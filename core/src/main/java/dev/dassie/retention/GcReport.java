package dev.dassie.retention;

import dev.dassie.content.Collector;
import java.time.Duration;
import java.util.Map;

/// What a collection found and did.
///
/// @param dryRun whether nothing was changed
/// @param held bytes by the holder that named them first; in the order of asking, so that what
///   several hold counts once
/// @param live bytes in packs that something holds
/// @param dead bytes in packs that nothing holds
/// @param swept packs and bytes that went, or would go
public record GcReport(
    boolean dryRun,
    Map<Holder, Long> held,
    long packs,
    long live,
    long dead,
    Collector.Swept swept,
    Duration took) {}
