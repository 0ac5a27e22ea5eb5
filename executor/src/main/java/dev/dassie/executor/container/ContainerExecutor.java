package dev.dassie.executor.container;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.executor.datum.Bounds;
import dev.dassie.executor.datum.Ceilings;
import dev.dassie.executor.datum.Commands;
import dev.dassie.executor.datum.DatumRefusal;
import dev.dassie.executor.datum.FileCache;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.RunnerProgram;
import dev.dassie.executor.datum.Running;
import dev.dassie.executor.datum.Shell;
import dev.dassie.executor.datum.SlotLostException;
import dev.dassie.executor.datum.Sources;
import dev.dassie.executor.datum.StayRun;
import dev.dassie.executor.datum.TaskRun;
import dev.dassie.executor.datum.TaskThread;
import dev.dassie.executor.datum.Wipe;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Environment;
import dev.dassie.job.Executor;
import dev.dassie.job.Report;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import dev.dassie.job.Terminal;
import dev.dassie.job.Written;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Runs datums in containers of an engine on this machine, Docker or Podman. A container stays for
/// one datum after another; its first process is the runner of this project, so an image needs
/// neither a shell nor root. While the engine is away datums wait. Thread-safe.
public final class ContainerExecutor implements Executor {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String IMAGE = "image ";

  /// Beyond a limit of memory, before the engine ends what the runner did not see.
  private static final long SLACK = 64 << 20;

  private final ChunkStore chunks;
  private final ContainerSettings settings;
  private final Path folder;
  private final EngineAccess access;
  private final Images images;
  private final Containers containers;
  private final Sources sources;
  private final Running running = new Running();
  private final Ceilings ceilings;
  private final Who who;

  /// @param runFolder a folder of this server alone; what is in it is removed
  /// @param chunks where inputs come from and outputs go to
  /// @throws DassieException `Unsupported` where this build has no runner for this machine
  public ContainerExecutor(Path runFolder, ChunkStore chunks, ContainerSettings settings) {
    this.chunks = chunks;
    this.settings = settings;
    try {
      this.folder = Files.createDirectories(runFolder).toRealPath();
      if (folder.toString().indexOf(':') >= 0) {
        throw new Fault.Invalid(
                "The folder of the server",
                folder.toString(),
                "a path without a colon, which engines take for an end")
            .asException();
      }
      Wipe.contents(folder);
      Permissions.close(folder);
      Path program =
          RunnerProgram.unpack(folder)
              .orElseThrow(() ->
                  new Fault.Unsupported(
                          "containers on this machine",
                          Optional.of("This build has no dassie-runner for it."))
                      .asException());
      FileCache cache =
          new FileCache(Files.createDirectory(folder.resolve("cache")), settings.cacheBytes());
      this.sources = new Sources(Files.createDirectory(folder.resolve("sources")), cache);
      this.access =
          new EngineAccess(
              new EngineSocket(settings.socket()),
              settings.patience(),
              engine -> Containers.sweep(engine, folder));
      this.images = new Images(access, settings, new Logins(settings.logins()));
      this.containers = new Containers(access, folder, program, cache, settings);
      this.ceilings = new Ceilings(settings.limits(), folder);
      this.who = Who.here();
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable(
              "The run folder `" + runFolder + "`", String.valueOf(e.getMessage())),
          e);
    }
    Thread.ofVirtual().name("dassie-engine-look").start(this::look);
  }

  /// Removes what an earlier server left, and finds out early that there is no engine.
  private void look() {
    try {
      String name = access.now(engine -> engine.facts().name());
      System.getLogger("dassie.executor")
          .log(System.Logger.Level.DEBUG, () -> "Containers come from " + name);
    } catch (IOException e) {
      System.getLogger("dassie.executor")
          .log(System.Logger.Level.WARNING, () -> trouble().orElse(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String name() {
    return "container";
  }

  @Override
  public String sandbox() {
    return "container";
  }

  @Override
  public String note() {
    return trouble()
        .or(() ->
            access
                .facts()
                .map(facts ->
                    "%s at `%s`%s."
                        .formatted(
                            facts.name(),
                            settings.socket(),
                            facts.rootless() ? ", without root" : "")))
        .orElse("");
  }

  @Override
  public Set<String> uses() {
    return Set.of("transform.image");
  }

  @Override
  public Optional<String> trouble() {
    return access.trouble();
  }

  @Override
  public void check(Transform transform) {
    Reference _ = images.name(transform);
    who.check(transform.user());
  }

  @Override
  public Environment environment(Transform transform) {
    check(transform);
    if (transform.cmd().isEmpty()) {
      throw new Fault.Invalid("transform.cmd", "[]", "a program and its arguments").asException();
    }
    try {
      Image image = images.resolve(images.name(transform));
      return new Environment(
          List.of("container " + image.platform(), IMAGE + image.digest()), List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DassieException(
          new Fault.Unavailable("The container engine", "the look at the image was interrupted"),
          e);
    }
  }

  @Override
  public List<String> notes(Resources limits) {
    // Control groups give out parts of processors too.
    boolean exact = access.facts().map(Engine.Facts::cpu).orElse(true);
    Resources rest = exact ? new Resources(limits.memoryBytes(), 0, limits.diskBytes()) : limits;
    List<String> notes = new ArrayList<>(ceilings.notes(rest, name(), true));
    access
        .facts()
        .filter(facts -> limits.memoryBytes() > 0 && !facts.memory())
        .ifPresent(facts ->
            notes.add(
                "`resourceLimits.memory` is looked at ten times a second: %s has no control group for it."
                    .formatted(facts.name())));
    return notes;
  }

  @Override
  public void run(Task task, Report report) throws InterruptedException {
    try (ChunkStore.Session session = chunks.session();
        ChunkStore.Session reading = chunks.session()) {
      TaskThread thread = new TaskThread(task, report, session);
      if (task.batching()) {
        thread.refuse(
            "`datumBatching` needs the executor `process`: in a container each datum has a program of"
                + " its own.");
        return;
      }
      Optional<Path> source = Optional.empty();
      try {
        Image image = image(task);
        source = source(task, reading);
        ContainerKind kind = kind(task, image, source);
        thread.run(() ->
            new TaskRun(
                task,
                session,
                reading,
                containers.source(kind),
                Optional.empty(),
                commands(task, image),
                folder,
                running));
      } catch (DatumRefusal e) {
        thread.refuse(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw unavailable(e);
      } finally {
        source.ifPresent(sources::release);
      }
    }
  }

  @Override
  public Optional<Written> written(Digest key) throws InterruptedException {
    return running.written(key);
  }

  @Override
  public Stay.End stay(Task task, Stay stay) throws InterruptedException {
    try (ChunkStore.Session reading = chunks.session()) {
      Optional<Path> source = Optional.empty();
      try {
        Image image = image(task);
        source = source(task, reading);
        ContainerKind kind = kind(task, image, source);
        return new StayRun(task, stay, reading, containers.source(kind), commands(task, image))
            .run();
      } catch (DatumRefusal e) {
        return new Stay.End(-1, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw unavailable(e);
      } finally {
        source.ifPresent(sources::release);
      }
    }
  }

  @Override
  public Terminal open(Task task, Optional<Terminal.Size> size) throws InterruptedException {
    ChunkStore.Session reading = chunks.session();
    Optional<Path> source = Optional.empty();
    Optional<Shell> shell = Optional.empty();
    try {
      Image image = image(task);
      source = source(task, reading);
      Optional<Path> used = source;
      Lane lane = containers.source(kind(task, image, source)).take();
      shell =
          Optional.of(
              new Shell(
                  lane,
                  () -> {
                    containers.discard(lane);
                    used.ifPresent(sources::release);
                    reading.close();
                  }));
      shell.get().start(task, commands(task, image), size, reading);
      return shell.get();
    } catch (DatumRefusal e) {
      throw new Fault.Failed(String.valueOf(e.getMessage()), Optional.empty()).asException();
    } catch (IOException | SlotLostException e) {
      throw new DassieException(
          new Fault.Unavailable("The container", String.valueOf(e.getMessage())), e);
    } finally {
      if (shell.isEmpty()) {
        source.ifPresent(sources::release);
        reading.close();
      } else if (!shell.get().started()) {
        shell.get().close();
      }
    }
  }

  /// The image that was found when the job was planned.
  private Image image(Task task) throws InterruptedException {
    Reference name = images.name(task.transform());
    Optional<String> digest =
        task.environment().facts().stream()
            .filter(fact -> fact.startsWith(IMAGE))
            .map(fact -> fact.substring(IMAGE.length()))
            .findFirst();
    return digest.isPresent() ? images.resolved(name, digest.get()) : images.resolve(name);
  }

  private Optional<Path> source(Task task, ChunkStore.Session reading)
      throws IOException, DatumRefusal {
    return task.source().isPresent()
        ? Optional.of(sources.acquire(task.source().get(), new Filesets(reading), reading))
        : Optional.empty();
  }

  private ContainerKind kind(Task task, Image image, Optional<Path> source)
      throws IOException, InterruptedException {
    Transform transform = task.transform();
    Resources spec = task.limits().resources();
    Bounds bounds = ceilings.of(spec);
    Engine.Facts engine = access.patiently(Engine::facts);
    ContainerKind.Cap cap =
        new ContainerKind.Cap(
            spec.memoryBytes() > 0 ? bounds.memory().most() + SLACK : 0, spec.milliCpus(), 0);
    return new ContainerKind(
        image,
        who.of(transform.user(), image, engine),
        transform.network() == Transform.Network.NONE,
        source,
        task.secrets().files(),
        cap);
  }

  private Commands commands(Task task, Image image) {
    Map<String, String> base = new HashMap<>(image.variables());
    base.putIfAbsent("PATH", PATH);
    return new Commands(task, ceilings, base, Commands.Additions.NONE);
  }

  private static DassieException unavailable(IOException e) {
    return new DassieException(
        new Fault.Unavailable("The run folder", String.valueOf(e.getMessage())), e);
  }

  /// Ends the idle containers; those in use end when their datums do.
  @Override
  public void close() {
    containers.close();
  }
}
