package dev.dassie.job.standing;

import java.time.Instant;

/// One line that a process wrote.
///
/// @param position its place among those of the pipeline; lines of one place came together
/// @param started when the process was started
/// @param at when the line was stored
/// @param line text without its end
public record ProcessLine(long position, Instant started, Instant at, String line) {}
