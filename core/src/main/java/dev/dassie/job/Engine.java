package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Versions;
import java.nio.file.Path;
import java.time.InstantSource;

/// What all runs of jobs share. `turns` bounds the tasks that executors have at once.
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
    InstantSource clock) {}
