package dev.dassie.executor.process;

import dev.dassie.executor.datum.FileCache;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.LanePool;
import dev.dassie.executor.datum.LaneSource;
import dev.dassie.executor.datum.OutputFolder;
import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.RunnerSlot;
import dev.dassie.executor.datum.Slot;
import dev.dassie.executor.datum.SlotLostException;
import dev.dassie.executor.datum.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes lanes and keeps idle ones for the next task. Thread-safe.
final class Lanes implements AutoCloseable {
  private final Path folder;
  private final Set<Path> hidden;
  private final Set<Path> homes;
  private final Settings settings;
  private final FileCache cache;
  private final Identity identity;
  private final ExecutorService spawner =
      Executors.newSingleThreadExecutor(
          work -> Thread.ofPlatform().daemon().name("dassie-spawn").unstarted(work));
  private final LanePool pool;

  /// @param folder where each lane gets a folder of its own
  Lanes(
      Path folder,
      Set<Path> hidden,
      Set<Path> homes,
      Settings settings,
      FileCache cache,
      Identity identity) {
    this.folder = folder;
    this.hidden = hidden;
    this.homes = homes;
    this.settings = settings;
    this.cache = cache;
    this.identity = identity;
    this.pool = new LanePool(folder, settings.idleSlots());
  }

  /// Who datums run as; `root` says whether this server is root and can change to them.
  record Identity(boolean root, int uid, int gid) {}

  /// How slots are made: the sandbox and the program that it needs.
  sealed interface Means {
    Sandbox sandbox();
  }

  record Namespaces(Path runner) implements Means {
    @Override
    public Sandbox sandbox() {
      return Sandbox.NAMESPACES;
    }
  }

  record Wrapped(Bubblewrap bubblewrap) implements Means {
    @Override
    public Sandbox sandbox() {
      return Sandbox.BUBBLEWRAP;
    }
  }

  /// @param runner ends what a command leaves running; without it only its process tree is ended
  record Bare(Optional<Path> runner) implements Means {
    @Override
    public Sandbox sandbox() {
      return Sandbox.NONE;
    }
  }

  /// An idle lane of the kind, or a new one. The caller gives it back to [#keep] or [#discard].
  Lane take(LaneKind kind, Means means) throws InterruptedException, SlotLostException {
    return pool.take(kind, maker(means));
  }

  /// The lanes of one kind.
  LaneSource source(LaneKind kind, Means means) {
    return pool.source(kind, maker(means));
  }

  private LanePool.Maker<LaneKind> maker(Means means) {
    return (kind, place) -> make(kind, means, place);
  }

  private Lane make(LaneKind kind, Means means, Path place)
      throws IOException, InterruptedException, SlotLostException {
    for (String name : new String[] {"pfs", "pfs/out", "out", "root"}) {
      Permissions.open(Files.createDirectory(place.resolve(name)));
    }
    Identity who = kind.user().orElse(identity);
    if (who.root()) {
      Permissions.give(place.resolve("out"), who.uid(), who.gid());
    }
    RootPlan plan =
        RootPlan.of(
            new RootPlan.Request(
                place,
                hidden,
                homes,
                kind.exposed(),
                kind.source(),
                kind.tools(),
                kind.ownNetwork(),
                kind.secrets(),
                who.uid(),
                who.gid(),
                settings.scratchBytes()));
    Slot slot =
        switch (means) {
          case Namespaces namespaces -> runner(namespaces.runner(), plan, place);
          case Wrapped(Bubblewrap bubblewrap) -> wrapped(place, plan, bubblewrap, who);
          case Bare(Optional<Path> runner) ->
              new SpawnSlot(
                  place, SpawnSlot.bare(place, runner, kind.source()), spawner, Optional.empty());
        };
    if (kind.batch().isPresent()) {
      slot = new BatchSlot(slot, place);
    }
    Staging staging = new Staging(slot.inputs(), slot.guardsInputs(), cache);
    return new Lane(kind, place, slot, staging, new OutputFolder(slot.out(), folder));
  }

  private static Slot runner(Path program, RootPlan plan, Path place)
      throws IOException, InterruptedException, SlotLostException {
    RunnerProcess process = new RunnerProcess(program, place);
    return new RunnerSlot(process, plan.frame(), place, RunnerSlot.Log.SHARED);
  }

  private Slot wrapped(Path place, RootPlan plan, Bubblewrap bubblewrap, Identity who)
      throws IOException {
    if (!plan.hasSecrets()) {
      return new SpawnSlot(place, SpawnSlot.wrapped(plan, bubblewrap), spawner, Optional.empty());
    }
    HostSecrets secrets = HostSecrets.write(plan, who);
    return new SpawnSlot(
        place,
        SpawnSlot.wrapped(secrets.plan(), bubblewrap),
        spawner,
        Optional.of(secrets.folder()));
  }

  void keep(Lane lane) {
    pool.keep(lane);
  }

  void discard(Lane lane) {
    pool.discard(lane);
  }

  /// Ends the idle lanes; those in use end when they come back.
  @Override
  public void close() {
    pool.close();
    spawner.shutdown();
  }
}
