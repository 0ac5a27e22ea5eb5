package dev.dassie.executor.container;

import dev.dassie.executor.datum.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What a [ContainerExecutor] may be told.
///
/// @param socket where the engine answers
/// @param image for code that names none
/// @param pull when images are fetched
/// @param logins a file as `docker login` writes it, with what registries want to know
/// @param idle containers that are kept for the next datum
/// @param scratchBytes limit of what one datum may write to `/tmp`, and to its home, in memory
/// @param cacheBytes limit of the cache of materialised large files on disk
/// @param patience how long datums wait for an engine that is away
/// @param limits what any datum may take at most
public record ContainerSettings(
    Path socket,
    Optional<String> image,
    Pull pull,
    Optional<Path> logins,
    int idle,
    long scratchBytes,
    long cacheBytes,
    Duration patience,
    Limits limits) {
  /// When images are fetched, in the words of Kubernetes' `imagePullPolicy`.
  public enum Pull {
    /// At each job.
    ALWAYS,
    /// Where the engine has none of that name.
    MISSING,
    /// Not at all.
    NEVER
  }

  /// With an engine at a socket.
  public static ContainerSettings at(Path socket) {
    return new ContainerSettings(
        socket,
        Optional.empty(),
        Pull.MISSING,
        Optional.empty(),
        8,
        4L << 30,
        10L << 30,
        Duration.ofHours(24),
        Limits.defaults());
  }
}
