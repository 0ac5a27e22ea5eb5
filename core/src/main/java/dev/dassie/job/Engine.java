package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Versions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/// What all runs of jobs share. `places` bounds the tasks that executors have at once: there are
/// `allPlaces`.
record Engine(
    Metadata metadata,
    ChunkStore chunks,
    Versions versions,
    Recipes recipes,
    Results results,
    KeyLocks locks,
    Recorder recorder,
    Executor executor,
    Semaphore places,
    int allPlaces,
    Path spillFolder,
    InstantSource clock) {}
