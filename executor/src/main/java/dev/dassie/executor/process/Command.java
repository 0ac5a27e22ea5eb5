package dev.dassie.executor.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One run of a program in a slot. Paths are those inside the sandbox.
///
/// @param variables the whole environment
/// @param folder the working directory
/// @param logBytes how much of the first and of the last output to keep, each
record Command(
    List<String> arguments,
    Map<String, String> variables,
    String folder,
    byte[] stdin,
    Optional<Duration> timeout,
    long logBytes) {}
