package dev.dassie.server;

import dev.dassie.content.FarPacks;
import dev.dassie.content.ObjectStore;
import dev.dassie.content.OpenChunks;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Executor;
import dev.dassie.job.worker.Dispatcher;
import dev.dassie.job.worker.Worker;
import dev.dassie.server.access.WorkerTokens;
import dev.dassie.server.worker.HttpDispatcher;
import dev.dassie.server.worker.WorkerFolder;
import dev.dassie.server.worker.WorkerOptions;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.disk.HostFiles;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.s3.S3Limits;
import dev.dassie.store.s3.S3ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;

/// `dassie worker`: runs datums of a server until a signal. It reads and writes the object store
/// itself; where it cannot, it says so and takes no work.
final class WorkerProcess {
  private static final Logger LOG = Logger.getLogger(WorkerProcess.class.getName());

  /// For the datums that run when the signal comes; the server waits as long for its own.
  private static final Duration GRACE = Duration.ofSeconds(7);

  private static final Duration END = Duration.ofSeconds(9);

  private WorkerProcess() {}

  /// The objects of the server.
  ///
  /// @param folder where they are, if on this machine
  private record Objects(ObjectStore store, Optional<Path> folder, Runnable closing) {}

  /// Returns when the worker has ended.
  ///
  /// @param flags as after `dassie worker`
  static void run(List<String> flags, Map<String, String> environment) throws IOException {
    WorkerOptions options = WorkerOptions.read(flags, environment);
    Configuration configuration = Configuration.read(options.rest(), environment);
    Optional<String> token =
        options
            .tokenFile()
            .or(configuration::workerToken)
            .map(WorkerTokens::read)
            .or(options::token);
    CountDownLatch ended = new CountDownLatch(1);
    try {
      work(options, configuration, token, ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /// @param ended counted down by the caller when this has returned
  private static void work(
      WorkerOptions options,
      Configuration configuration,
      Optional<String> token,
      CountDownLatch ended)
      throws IOException, InterruptedException {
    try (WorkerFolder folder = WorkerFolder.make(configuration.home().resolve("workers"));
        HttpDispatcher server = new HttpDispatcher(options.server(), token)) {
      Logs.start(folder.log(), configuration.logLevel());
      HttpDispatcher.Entrance entrance = server.entrance();
      Objects objects = open(place(options, configuration, entrance), configuration, folder);
      try {
        String store = probe(objects.store(), entrance);
        work(options, configuration, folder, server, objects, store, ended);
      } finally {
        objects.closing().run();
      }
    }
  }

  private static void work(
      WorkerOptions options,
      Configuration configuration,
      WorkerFolder folder,
      HttpDispatcher server,
      Objects objects,
      String store,
      CountDownLatch ended)
      throws InterruptedException {
    AtomicReference<String> id = new AtomicReference<>("");
    try (FarPacks packs =
        new FarPacks(objects.store(), folder.index(), chunks -> server.packs(id.get(), chunks))) {
      HostFiles outsides =
          new HostFiles(
              new HostFiles.Rule(
                  configuration.references(), options.isLoopback(), configuration.home()));
      try (Executor executor =
          Executors.ofWorker(
              configuration,
              folder.path(),
              hidden(configuration, objects),
              new OpenChunks(packs, outsides))) {
        Worker worker =
            new Worker(
                server,
                executor,
                packs,
                Workshop.joining(options.name(), executor, store, options.slots()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(worker, ended), "end"));
        worker.run(joined -> {
          id.set(joined.id());
          announce(options, joined);
        });
      }
    }
  }

  /// The store stands in the folder of the server, with its database and the key of its secrets.
  private static List<Path> hidden(Configuration configuration, Objects objects) {
    List<Path> hidden = new ArrayList<>(List.of(configuration.home()));
    objects
        .folder()
        .ifPresent(store -> {
          hidden.add(store);
          Optional.ofNullable(store.getParent())
              .filter(parent -> parent.getNameCount() > 0)
              .filter(parent -> Files.exists(parent.resolve("format")))
              .ifPresent(hidden::add);
        });
    return hidden;
  }

  private static void announce(WorkerOptions options, Dispatcher.Joined joined) {
    LOG.info(
        "The worker `%s` takes part at %s with %d slots; its leases last %d s"
            .formatted(
                options.name(),
                options.server(),
                options.slots(),
                joined.terms().lease().toSeconds()));
  }

  /// Ends the worker in order; then, or when that takes too long, the processes that are left.
  private static void end(Worker worker, CountDownLatch ended) {
    worker.drain(GRACE);
    try {
      if (!ended.await(END.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warning("The worker did not end in order within %d s".formatted(END.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /// Where the objects are, as they are reached from here.
  private static String place(
      WorkerOptions options, Configuration configuration, HttpDispatcher.Entrance entrance) {
    return options
        .store()
        .orElseGet(
            () -> configuration.store().equals("disk") ? entrance.store() : configuration.store());
  }

  private static Objects open(String place, Configuration configuration, WorkerFolder folder) {
    if (place.startsWith("s3://")) {
      S3ObjectStore objects =
          new S3ObjectStore(
              S3Address.parse(place),
              S3Limits.defaults(),
              folder.remote(),
              configuration.storeCache());
      return new Objects(objects, Optional.empty(), objects::close);
    }
    Path root = Path.of(place);
    try {
      return new Objects(DiskObjectStore.sharing(root), Optional.of(root), () -> {});
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw new Fault.Unavailable(
                "The store `%s`".formatted(place),
                "no store is there on this machine; mount it, or give the server one in S3")
            .asException();
      }
      throw e;
    }
  }

  /// Reads from the store and writes to it, before any work is taken. Returns its id.
  private static String probe(ObjectStore objects, HttpDispatcher.Entrance entrance) {
    String id;
    try {
      int size = (int) Math.min(64, objects.size(Pairing.OBJECT));
      ByteBuffer bytes = objects.read(Pairing.OBJECT, 0, size);
      id = StandardCharsets.US_ASCII.decode(bytes).toString().strip();
      String key = "probe/" + java.util.UUID.randomUUID();
      try (ObjectStore.Upload upload = objects.upload()) {
        upload.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.US_ASCII)));
        upload.publish(key);
      }
      objects.delete(key);
    } catch (DassieException e) {
      throw new DassieException(
          new Fault.Unavailable(
              "The store `%s` of the server".formatted(entrance.store()),
              "it cannot be read and written from here: " + e.fault().message()),
          e);
    }
    if (!id.equals(entrance.storeId())) {
      throw new Fault.Conflict(
              "The store here has the id `%s`, and that of the server `%s`: it is another one."
                  .formatted(id, entrance.storeId()),
              Optional.of("`--store` names the store of the server as it is reached from here."))
          .asException();
    }
    return id;
  }
}
