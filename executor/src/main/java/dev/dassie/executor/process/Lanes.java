package dev.dassie.executor.process;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
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
  private final Deque<Lane> idle = new ArrayDeque<>();
  private long made;
  private boolean closed;

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
  Lane take(Lane.Kind kind, Means means) throws InterruptedException, SlotLostException {
    synchronized (this) {
      for (Iterator<Lane> lanes = idle.iterator(); lanes.hasNext(); ) {
        Lane lane = lanes.next();
        if (lane.kind().equals(kind)) {
          lanes.remove();
          return lane;
        }
      }
    }
    try {
      return make(kind, means);
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable("The run folder `" + folder + "`", String.valueOf(e.getMessage())),
          e);
    }
  }

  private Lane make(Lane.Kind kind, Means means)
      throws IOException, InterruptedException, SlotLostException {
    Path place;
    synchronized (this) {
      place = Files.createDirectory(folder.resolve(Long.toString(made++)));
    }
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
          case Namespaces namespaces -> new RunnerSlot(namespaces.runner(), plan, place);
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

  /// Takes back a lane that may be used again; the longest idle one goes where there are too many.
  void keep(Lane lane) {
    Optional<Lane> surplus = Optional.empty();
    synchronized (this) {
      if (closed || !lane.slot().usable() || !lane.kind().secrets().isEmpty()) {
        surplus = Optional.of(lane);
      } else {
        idle.addFirst(lane);
        if (idle.size() > settings.idleSlots()) {
          surplus = Optional.of(idle.removeLast());
        }
      }
    }
    surplus.ifPresent(this::discard);
  }

  /// Ends a lane and removes its folder.
  void discard(Lane lane) {
    lane.slot().close();
    try {
      Wipe.tree(lane.folder());
    } catch (IOException e) {
      return; // the run folder is emptied at the next start
    }
  }

  /// Ends the idle lanes; those in use end when they come back.
  @Override
  public void close() {
    Deque<Lane> ending;
    synchronized (this) {
      closed = true;
      ending = new ArrayDeque<>(idle);
      idle.clear();
    }
    ending.forEach(this::discard);
    spawner.shutdown();
  }
}
