package dev.dassie.executor.container;

import dev.dassie.content.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the engine is told of a container: the image with everything of it read-only, no capability
/// and no way to gain one, `/pfs`, the source, and scratch folders in memory. Immutable.
final class Blueprint {
  /// Podman makes the last two writable in every container whose root is not.
  private static final List<String> SCRATCH = List.of("/tmp", "/home/dassie", "/run", "/var/tmp");

  private static final String SHARED_MEMORY = "/dev/shm";

  private final Path folder;
  private final String prefix;
  private final long scratchBytes;

  /// @param folder the run folder of the server
  Blueprint(Path folder, long scratchBytes) {
    this.folder = folder;
    this.prefix =
        Digest.of(folder.toString().getBytes(StandardCharsets.UTF_8)).toString().substring(0, 8);
    this.scratchBytes = scratchBytes;
  }

  /// A name that no container of another server has.
  String name(long number) {
    return "dassie-%s-%d-%d".formatted(prefix, ProcessHandle.current().pid(), number);
  }

  /// Folders that are emptied after each datum. What an image calls a volume could be written too.
  List<String> scratch(Image image) {
    List<String> folders = new ArrayList<>(SCRATCH);
    image.volumes().stream()
        .filter(path -> path.startsWith("/") && !path.equals("/"))
        .filter(path ->
            List.of("/pfs", "/source", "/dassie", "/dev", "/proc", "/sys").stream()
                .noneMatch(own -> path.equals(own) || path.startsWith(own + "/")))
        .filter(path -> !SCRATCH.contains(path))
        .sorted()
        .limit(32)
        .forEach(folders::add);
    folders.add(SHARED_MEMORY);
    return folders;
  }

  /// The body of the call that makes it.
  ///
  /// @param place the folder of the lane
  ObjectNode of(ContainerKind kind, Path place, HostSecrets secrets, Engine.Facts engine) {
    ObjectNode body = Engine.object();
    body.put("Image", kind.image().id());
    body.putArray("Entrypoint").add("/dassie/runner");
    body.putArray("Cmd").add("--container").add("/dassie/socket");
    body.put("User", kind.user());
    body.put("WorkingDir", "/");
    body.putObject("Labels").put(Containers.LABEL, folder.toString());
    body.putObject("Healthcheck").putArray("Test").add("NONE");
    ObjectNode host = body.putObject("HostConfig");
    ArrayNode binds = host.putArray("Binds");
    binds.add(place.resolve("link") + ":/dassie:ro");
    binds.add(place.resolve("pfs") + ":/pfs:ro");
    binds.add(place.resolve("out") + ":/pfs/out:rw");
    kind.source().ifPresent(source -> binds.add(source + ":/source:ro"));
    for (Map.Entry<String, Path> secret : secrets.files().entrySet()) {
      binds.add(secret.getValue() + ":" + secret.getKey() + ":ro");
    }
    ObjectNode memory = host.putObject("Tmpfs");
    // Podman would copy what the image has there.
    String options = engine.isPodman() ? ",notmpcopyup" : "";
    for (String path : scratch(kind.image())) {
      if (!path.equals(SHARED_MEMORY)) {
        memory.put(path, "rw,exec,nosuid,nodev,mode=1777,size=" + scratchBytes + options);
      }
    }
    host.put("ShmSize", scratchBytes);
    host.put("NetworkMode", kind.ownNetwork() ? "none" : "host");
    host.put("IpcMode", "private");
    host.put("ReadonlyRootfs", true);
    host.put("Init", false);
    host.putArray("CapDrop").add("ALL");
    host.putArray("SecurityOpt").add("no-new-privileges");
    host.putObject("RestartPolicy").put("Name", "no");
    limits(kind.cap(), host, engine);
    return body;
  }

  private static void limits(ContainerKind.Cap cap, ObjectNode host, Engine.Facts engine) {
    if (cap.memoryBytes() > 0 && engine.memory()) {
      host.put("Memory", cap.memoryBytes());
    }
    if (cap.milliCpus() > 0 && engine.cpu()) {
      host.put("NanoCpus", cap.milliCpus() * 1_000_000);
    }
    if (cap.processes() > 0 && engine.processes()) {
      host.put("PidsLimit", cap.processes());
    }
  }
}
