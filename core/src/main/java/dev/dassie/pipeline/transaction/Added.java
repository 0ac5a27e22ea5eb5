package dev.dassie.pipeline.transaction;

import java.time.Instant;

/// A step as it stands in its transaction.
///
/// @param number counts from 1
/// @param author who added it, and will be the author of what it makes
/// @param message of the commit that it makes; empty for that of the transaction
public record Added(int number, String author, String message, Instant at, Step step) {}
