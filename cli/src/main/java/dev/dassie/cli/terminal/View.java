package dev.dassie.cli.terminal;

import java.time.Instant;

/// How values are shown: relative to `now`, or with full timestamps.
public record View(boolean fullTimestamps, Instant now) {}
