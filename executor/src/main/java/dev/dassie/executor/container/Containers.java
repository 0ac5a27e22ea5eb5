package dev.dassie.executor.container;

import dev.dassie.executor.datum.FileCache;
import dev.dassie.executor.datum.Frames;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.LanePool;
import dev.dassie.executor.datum.LaneSource;
import dev.dassie.executor.datum.OutputFolder;
import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.RunnerSlot;
import dev.dassie.executor.datum.SlotLostException;
import dev.dassie.executor.datum.Staging;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Makes lanes that are containers, and keeps idle ones for the next task. Thread-safe.
final class Containers implements AutoCloseable {
  /// The label of our containers; its value is the run folder, which one server at a time has.
  static final String LABEL = "dev.dassie.home";

  private static final int REMOVALS = 8;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final System.Logger LOG = System.getLogger("dassie.executor");

  private final EngineAccess access;
  private final Path folder;
  private final Path program;
  private final FileCache cache;
  private final LanePool pool;
  private final Blueprint blueprint;
  private final ShortPath sockets;
  private final AtomicLong made = new AtomicLong();

  /// Containers that were to go when the engine did not answer.
  private final Set<String> left = ConcurrentHashMap.newKeySet();

  /// @param folder the run folder; lanes get folders in it
  /// @param program the dassie-runner
  Containers(
      EngineAccess access, Path folder, Path program, FileCache cache, ContainerSettings settings)
      throws IOException {
    this.access = access;
    this.folder = folder;
    this.program = program;
    this.cache = cache;
    this.pool = new LanePool(Files.createDirectory(folder.resolve("slots")), settings.idle());
    this.blueprint = new Blueprint(folder, settings.scratchBytes());
    this.sockets = new ShortPath(folder);
  }

  /// The lanes of one kind.
  LaneSource source(ContainerKind kind) {
    return pool.source(kind, this::make);
  }

  void discard(Lane lane) {
    pool.discard(lane);
  }

  /// Removes the containers of servers before this one.
  static void sweep(Engine engine, Path folder) throws IOException, InterruptedException {
    for (String id : engine.containers(LABEL, folder.toString())) {
      engine.remove(id);
    }
  }

  private Lane make(ContainerKind kind, Path place)
      throws IOException, InterruptedException, SlotLostException {
    for (String name : List.of("pfs", "pfs/out", "out", "link")) {
      Permissions.open(Files.createDirectory(place.resolve(name)));
    }
    Permissions.share(place.resolve("out"));
    Files.createLink(place.resolve("link/runner"), program);
    HostSecrets secrets = HostSecrets.write(kind.secrets());
    String name = blueprint.name(made.getAndIncrement());
    try (Meeting meeting = new Meeting(sockets.of(place.resolve("link/socket")))) {
      start(kind, place, secrets, name);
      SocketChannel channel = meeting.await(() -> lost(name));
      Tether tether =
          new Tether(
              channel,
              () -> trouble(name),
              () -> {
                remove(name);
                secrets.close();
              });
      RunnerSlot slot = new RunnerSlot(tether, setup(kind), place, RunnerSlot.Log.SENT);
      return new Lane(
          kind,
          place,
          slot,
          new Staging(slot.inputs(), true, cache),
          new OutputFolder(slot.out(), folder));
    } catch (IOException | SlotLostException | InterruptedException | RuntimeException e) {
      boolean interrupted = Thread.interrupted();
      remove(name);
      secrets.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  private void start(ContainerKind kind, Path place, HostSecrets secrets, String name)
      throws IOException, InterruptedException {
    try {
      access.patiently(engine -> {
        for (String old : List.copyOf(left)) {
          engine.remove(old);
          left.remove(old);
        }
        engine.remove(name); // an attempt that lost the engine may have made it
        String id = engine.create(name, blueprint.of(kind, place, secrets, engine.facts()));
        engine.start(id);
        return id;
      });
    } catch (EngineException e) {
      String words = String.valueOf(e.getMessage()).strip().replaceFirst("\\.+$", "");
      throw new DassieException(
          new Fault.Failed(
              "The container engine does not start a container of the image `%s` as user `%s`: %s."
                  .formatted(kind.image().digest(), kind.user(), words),
              Optional.empty()),
          e);
    }
  }

  /// Where the runner finds that its scratch folders are.
  private byte[] setup(ContainerKind kind) {
    List<String> scratch = blueprint.scratch(kind.image());
    return Frames.frame(
        Frames.CONTAIN,
        out -> {
          out.writeInt(scratch.size() + 1);
          for (String path : scratch) {
            out.writeByte('T');
            Frames.string(out, path);
          }
          out.writeByte('Q');
          Frames.string(out, "/dev/mqueue");
        });
  }

  /// Why the container will not call any more, if that is so.
  private Optional<String> lost(String name) throws InterruptedException {
    try {
      Optional<Engine.State> state = access.now(engine -> engine.state(name));
      if (state.isPresent() && state.get().running()) {
        return Optional.empty();
      }
      return Optional.of("its container ended: " + trouble(name));
    } catch (IOException e) {
      return Optional.empty(); // it may call all the same
    }
  }

  /// What the engine says of a container that ended too early.
  private String trouble(String name) {
    boolean interrupted = Thread.interrupted();
    try {
      Optional<Engine.State> state = access.now(engine -> engine.state(name));
      if (state.isEmpty()) {
        return "its container is gone";
      }
      String log = access.now(engine -> engine.log(name));
      return (state.get().outOfMemory()
              ? "its container ran out of memory"
              : state.get().running()
                  ? "its container runs"
                  : "its container ended with exit code " + state.get().exitCode())
          + (state.get().error().isEmpty() ? "" : ", " + state.get().error())
          + (log.isEmpty() ? "" : ", " + log);
    } catch (IOException e) {
      return "nothing is known of its container: " + e.getMessage();
    } catch (InterruptedException e) {
      interrupted = true;
      return "";
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Returns when it is gone; where the engine is away it goes later, and has ended by itself.
  private void remove(String name) {
    try {
      access.now(engine -> {
        removed(engine, name);
        return name;
      });
      left.remove(name);
    } catch (IOException e) {
      left.add(name);
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> "The container `%s` is not removed yet: %s".formatted(name, e.getMessage()));
    } catch (InterruptedException e) {
      left.add(name);
      Thread.currentThread().interrupt();
    }
  }

  /// An engine refuses to remove a container that ends at that moment.
  private static void removed(Engine engine, String name) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        engine.remove(name);
        return;
      } catch (EngineException e) {
        if (attempt == REMOVALS) {
          throw e;
        }
      }
      Thread.sleep(PAUSE.multipliedBy(attempt));
    }
  }

  @Override
  public void close() {
    pool.close();
    List.copyOf(left).forEach(this::remove);
    sockets.close();
  }
}
