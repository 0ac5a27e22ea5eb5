package dev.dassie.executor.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a [ProcessExecutor] may be told.
///
/// @param sandbox the one to use; absent: namespaces, else bubblewrap, else datums are refused
/// @param uid the user that datums run as where the server is root; otherwise they keep its own
/// @param gid the group, likewise
/// @param exposed host folders that datums see read-only though they lie in a home folder
/// @param path `PATH` of the server, where `cmd[0]` is looked up and which datums get
/// @param idleSlots sandboxes that are kept for the next datum
/// @param scratchBytes limit of what one datum may write to `/tmp`, its home and `/dev/shm`, in
///   memory
/// @param cacheBytes limit of the cache of materialised large files on disk
/// @param tools the installation that code which commands the server is shown
public record Settings(
    Optional<Sandbox> sandbox,
    int uid,
    int gid,
    List<Path> exposed,
    String path,
    int idleSlots,
    long scratchBytes,
    long cacheBytes,
    Optional<Tools> tools) {
  /// The user and group `nobody`, as nearly every system numbers them.
  public static final int NOBODY = 65534;

  public Settings {
    exposed = List.copyOf(exposed);
  }

  /// The defaults: a sandbox that works here, `PATH` of this process, 4 GiB of scratch memory and
  /// 10 GiB of cache.
  public static Settings defaults() {
    String path = System.getenv("PATH");
    return new Settings(
        Optional.empty(),
        NOBODY,
        NOBODY,
        List.of(),
        path == null ? "/usr/local/bin:/usr/bin:/bin" : path,
        16,
        4L << 30,
        10L << 30,
        Optional.empty());
  }

  public Settings withSandbox(Sandbox chosen) {
    return new Settings(
        Optional.of(chosen), uid, gid, exposed, path, idleSlots, scratchBytes, cacheBytes, tools);
  }

  public Settings withTools(Optional<Tools> found) {
    return new Settings(
        sandbox, uid, gid, exposed, path, idleSlots, scratchBytes, cacheBytes, found);
  }
}
