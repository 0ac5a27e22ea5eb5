package dev.dassie.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The peers of P13, each a process of its own: bare file servers in Java and, where `go` is on the
/// PATH, in Go, and MinIO where that is. Closing ends them and removes what they stored.
final class ObjectPeers implements AutoCloseable {
  static final String JAVA = "bare java";
  static final String GO = "bare go";
  static final String MINIO = "minio";

  private static final String BUCKET = "bucket";
  private static final String GO_SOURCE = "bench/src/main/go/barefiles.go";

  private final Path folder;
  private final String key;
  private final List<Process> processes = new ArrayList<>();

  /// @param key id and secret of MinIO
  ObjectPeers(String key) throws IOException {
    this.folder = Files.createTempDirectory("dassie-gateway");
    this.key = key;
  }

  /// A server under test.
  record Store(String name, int port, String bucket) {
    String host() {
      return "127.0.0.1:" + port;
    }
  }

  /// Starts all that there are.
  List<Store> started() throws Exception {
    List<Store> stores = new ArrayList<>();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    stores.add(bare(JAVA, java, "-cp", classes, BareFiles.class.getName()));
    Optional<Path> go = built();
    if (go.isPresent()) {
      stores.add(bare(GO, go.get().toString()));
    }
    minio().ifPresent(stores::add);
    return stores;
  }

  /// The file server in Go, unless it cannot be built here.
  private Optional<Path> built() throws Exception {
    Path program = folder.resolve("barefiles");
    Path source = RealServer.projectRoot().resolve(GO_SOURCE);
    Path log = folder.resolve("go.log");
    try {
      Process build =
          new ProcessBuilder("go", "build", "-o", program.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (build.waitFor(5, TimeUnit.MINUTES) && build.exitValue() == 0) {
        return Optional.of(program);
      }
      build.destroy();
      Main.say("PEER ABSENT: the file server in Go: %s", Files.readString(log).strip());
    } catch (IOException e) {
      Main.say("PEER ABSENT: `go` is not installed; the rule is judged by the server in Java.");
    }
    return Optional.empty();
  }

  private Store bare(String name, String... command) throws Exception {
    Path port = folder.resolve(name + ".port");
    List<String> whole = new ArrayList<>(List.of(command));
    whole.add(folder.resolve(name).toString());
    whole.add(port.toString());
    processes.add(new ProcessBuilder(whole).inheritIO().start());
    for (int look = 0; look < 200 && (!Files.exists(port) || Files.size(port) == 0); look++) {
      LockSupport.parkNanos(50_000_000);
    }
    return new Store(name, Integer.parseInt(Files.readString(port)), BUCKET);
  }

  private Optional<Store> minio() throws Exception {
    int port = RealServer.freePort();
    Path log = folder.resolve("minio.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                "minio",
                "server",
                "--quiet",
                "--address",
                "127.0.0.1:" + port,
                folder.resolve("minio").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(Map.of("MINIO_ROOT_USER", key, "MINIO_ROOT_PASSWORD", key));
    Store store = new Store(MINIO, port, BUCKET);
    try {
      processes.add(builder.start());
    } catch (IOException e) {
      Main.say("PEER ABSENT: `minio` is not installed, nothing is compared with it.");
      return Optional.empty();
    }
    for (int look = 0; look < 200; look++) {
      try (ObjectConnection connection = new ObjectConnection(port)) {
        ObjectCall bucket = ObjectCall.of("PUT", store.host(), "/" + BUCKET, 0, key);
        long _ = connection.call(bucket, new byte[0], OutputStream.nullOutputStream());
        return Optional.of(store);
      } catch (IOException e) {
        LockSupport.parkNanos(100_000_000);
      }
    }
    throw new IllegalStateException("minio did not start: " + Files.readString(log));
  }

  @Override
  public void close() throws IOException {
    for (Process process : processes) {
      process.destroy();
      process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
    Trees.delete(folder);
  }
}
