package dev.dassie.executor.process;

import dev.dassie.executor.datum.Limits;
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
/// @param limits what any datum may take at most
/// @param users names of users that code may run as, beside `nobody`, where the server is root
public record Settings(
    Optional<Sandbox> sandbox,
    int uid,
    int gid,
    List<Path> exposed,
    String path,
    int idleSlots,
    long scratchBytes,
    long cacheBytes,
    Optional<Tools> tools,
    Limits limits,
    List<String> users) {
  /// The user and group `nobody`, as nearly every system numbers them.
  public static final int NOBODY = 65534;

  public Settings {
    exposed = List.copyOf(exposed);
    users = List.copyOf(users);
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
        Optional.empty(),
        Limits.defaults(),
        List.of());
  }

  public Settings withSandbox(Sandbox chosen) {
    return with(Optional.of(chosen), tools, limits, users);
  }

  public Settings withTools(Optional<Tools> found) {
    return with(sandbox, found, limits, users);
  }

  public Settings within(Limits others) {
    return with(sandbox, tools, others, users);
  }

  public Settings allowing(List<String> names) {
    return with(sandbox, tools, limits, names);
  }

  private Settings with(
      Optional<Sandbox> chosen, Optional<Tools> found, Limits others, List<String> names) {
    return new Settings(
        chosen, uid, gid, exposed, path, idleSlots, scratchBytes, cacheBytes, found, others, names);
  }
}
