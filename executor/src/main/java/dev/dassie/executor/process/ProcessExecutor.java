package dev.dassie.executor.process;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.executor.datum.Ceilings;
import dev.dassie.executor.datum.Commands;
import dev.dassie.executor.datum.DatumRefusal;
import dev.dassie.executor.datum.FileCache;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.LaneSource;
import dev.dassie.executor.datum.Permissions;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Runs datums as processes of this machine (design D7). Each call of [#run] uses one sandbox at a
/// time; many may run side by side. Which sandbox is decided once, at construction, by trying.
public final class ProcessExecutor implements Executor {
  private final ChunkStore chunks;
  private final Settings settings;
  private final Path hidden;
  private final Set<Path> homes;
  private final Path folder;
  private final Lanes lanes;
  private final Ceilings ceilings;
  private final Sources sources;
  private final Running running = new Running();
  private final FileDigests digests = new FileDigests();
  private final Probe.Result probed;
  private final Users users;

  /// @param runFolder a folder of this server alone; what is in it is removed
  /// @param hidden Dassie's own folder, which datums never see
  /// @param chunks where inputs come from and outputs go to
  public ProcessExecutor(Path runFolder, Path hidden, ChunkStore chunks, Settings settings) {
    this(runFolder, hidden, List.of(), chunks, settings);
  }

  /// @param alsoHidden more folders that datums never see
  public ProcessExecutor(
      Path runFolder, Path hidden, List<Path> alsoHidden, ChunkStore chunks, Settings settings) {
    this.chunks = chunks;
    this.settings = settings;
    try {
      this.folder = Files.createDirectories(runFolder).toRealPath();
      Wipe.contents(folder);
      Permissions.close(folder);
      this.hidden = Files.exists(hidden) ? hidden.toRealPath() : hidden.toAbsolutePath();
      boolean root = Permissions.mayBecome(settings.uid(), settings.gid());
      Lanes.Identity identity =
          new Lanes.Identity(
              root,
              root ? settings.uid() : Permissions.ownUid(),
              root ? settings.gid() : Permissions.ownGid());
      this.homes = Homes.find(Permissions.ownUid());
      FileCache cache =
          new FileCache(Files.createDirectory(folder.resolve("cache")), settings.cacheBytes());
      this.sources = new Sources(Files.createDirectory(folder.resolve("sources")), cache);
      this.lanes =
          new Lanes(
              Files.createDirectory(folder.resolve("slots")),
              covered(this.hidden, folder, alsoHidden),
              homes,
              settings,
              cache,
              identity);
      this.ceilings = new Ceilings(settings.limits(), folder);
      this.probed = new Probe(folder, settings, lanes, root).choose();
      this.users =
          new Users(
              Path.of("/etc"),
              identity,
              settings.users(),
              probed.means().map(Lanes.Means::sandbox));
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable(
              "The run folder `" + runFolder + "`", String.valueOf(e.getMessage())),
          e);
    }
  }

  private static Set<Path> covered(Path hidden, Path folder, List<Path> more) throws IOException {
    Set<Path> all = new TreeSet<>(List.of(hidden, folder));
    for (Path one : more) {
      all.add(Files.exists(one) ? one.toRealPath() : one.toAbsolutePath());
    }
    return all;
  }

  @Override
  public String name() {
    return "process";
  }

  /// Also `unavailable`, where no sandbox works and none was not asked for.
  @Override
  public String sandbox() {
    return probed.means().map(means -> means.sandbox().spelling()).orElse("unavailable");
  }

  /// Why a better sandbox than [#sandbox] is not used; empty where the best is.
  @Override
  public String note() {
    return probed.reason();
  }

  @Override
  public void check(Transform transform) {
    Optional<Lanes.Identity> _ = users.of(transform.user());
  }

  @Override
  public Environment environment(Transform transform) {
    check(transform);
    if (transform.cmd().isEmpty()) {
      throw new Fault.Invalid("transform.cmd", "[]", "a program and its arguments").asException();
    }
    List<String> facts = new ArrayList<>();
    facts.add(
        "process %s %s"
            .formatted(
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                System.getProperty("os.arch", "")));
    Exposure exposure = new Exposure(homes, hidden);
    Interpreters interpreters = new Interpreters(settings.path());
    for (Path file : interpreters.chain(transform.cmd().getFirst(), transform.env())) {
      exposure.addProgram(file);
      try {
        Path real = file.toRealPath();
        facts.add(real + " " + digests.of(real));
      } catch (IOException e) {
        throw new DassieException(
            new Fault.Unavailable("The program `" + file + "`", String.valueOf(e.getMessage())), e);
      }
    }
    for (String entry : settings.path().split(":", -1)) {
      if (entry.startsWith("/")) {
        exposure.addPathEntry(Path.of(entry));
      }
    }
    settings.exposed().forEach(exposure::addConfigured);
    return new Environment(facts, exposure.paths().stream().map(Path::toString).toList());
  }

  @Override
  public List<String> notes(Resources limits) {
    return ceilings.notes(limits, sandbox(), sandbox().equals(Sandbox.NAMESPACES.spelling()));
  }

  @Override
  public void run(Task task, Report report) throws InterruptedException {
    Lanes.Means means = probed.means().orElseThrow(() -> refusal());
    try (ChunkStore.Session session = chunks.session();
        ChunkStore.Session reading = chunks.session()) {
      Optional<Path> source = Optional.empty();
      try {
        if (means instanceof Lanes.Bare && !task.secrets().files().isEmpty()) {
          throw new DatumRefusal(
              "`transform.secrets[].mountPath` needs a sandbox, and this server runs with"
                  + " `--sandbox none`: use `envVar`.");
        }
        if (task.source().isPresent()) {
          Filesets files = new Filesets(reading);
          source = Optional.of(sources.acquire(task.source().get(), files, reading));
        }
        Optional<Transform> batch =
            task.batching() ? Optional.of(task.transform()) : Optional.empty();
        LaneKind kind = kind(task, source, batch.flatMap(code -> settings.tools()), batch);
        new TaskThread(task, report, session)
            .run(() -> taskRun(task, session, reading, means, kind));
      } catch (DatumRefusal e) {
        new TaskThread(task, report, session).refuse(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw new DassieException(
            new Fault.Unavailable("The run folder", String.valueOf(e.getMessage())), e);
      } finally {
        source.ifPresent(sources::release);
      }
    }
  }

  private TaskRun taskRun(
      Task task,
      ChunkStore.Session session,
      ChunkStore.Session reading,
      Lanes.Means means,
      LaneKind kind) {
    Optional<LaneSource> beside = kind.batch().map(code -> lanes.source(kind.single(), means));
    return new TaskRun(
        task,
        session,
        reading,
        lanes.source(kind, means),
        beside,
        commands(task, kind.tools()),
        folder,
        running);
  }

  private Commands commands(Task task, Optional<Tools> tools) {
    String language = System.getenv("LANG");
    Map<String, String> base =
        Map.of("PATH", settings.path(), "LANG", language == null ? "C.UTF-8" : language);
    return new Commands(
        task,
        ceilings,
        base,
        (layout, variables) ->
            tools
                .map(found ->
                    found.variables(layout, variables.getOrDefault("PATH", settings.path())))
                .orElse(Map.of()));
  }

  @Override
  public Optional<Written> written(Digest key) throws InterruptedException {
    return running.written(key);
  }

  @Override
  public Stay.End stay(Task task, Stay stay) throws InterruptedException {
    Lanes.Means means = probed.means().orElseThrow(this::refusal);
    try (ChunkStore.Session reading = chunks.session()) {
      Optional<Path> source = Optional.empty();
      try {
        if (task.source().isPresent()) {
          Filesets files = new Filesets(reading);
          source = Optional.of(sources.acquire(task.source().get(), files, reading));
        }
        LaneKind kind = kind(task, source, settings.tools(), Optional.empty());
        Commands commands = commands(task, settings.tools());
        return new StayRun(task, stay, reading, lanes.source(kind, means), commands).run();
      } catch (DatumRefusal e) {
        return new Stay.End(-1, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw new DassieException(
            new Fault.Unavailable("The run folder", String.valueOf(e.getMessage())), e);
      } finally {
        source.ifPresent(sources::release);
      }
    }
  }

  @Override
  public Terminal open(Task task, Optional<Terminal.Size> size) throws InterruptedException {
    Lanes.Means means = probed.means().orElseThrow(() -> refusal());
    ChunkStore.Session reading = chunks.session();
    Optional<Path> source = Optional.empty();
    Optional<Shell> shell = Optional.empty();
    try {
      if (task.source().isPresent()) {
        source = Optional.of(sources.acquire(task.source().get(), new Filesets(reading), reading));
      }
      Optional<Path> used = source;
      Lane lane = lanes.take(kind(task, source, Optional.empty(), Optional.empty()), means);
      shell =
          Optional.of(
              new Shell(
                  lane,
                  () -> {
                    lanes.discard(lane);
                    used.ifPresent(sources::release);
                    reading.close();
                  }));
      Commands commands = commands(task, Optional.empty());
      shell.get().start(task, commands, size, reading);
      return shell.get();
    } catch (DatumRefusal e) {
      throw new Fault.Failed(String.valueOf(e.getMessage()), Optional.empty()).asException();
    } catch (IOException | SlotLostException e) {
      throw new DassieException(
          new Fault.Unavailable("The sandbox", String.valueOf(e.getMessage())), e);
    } finally {
      if (shell.isEmpty()) {
        source.ifPresent(sources::release);
        reading.close();
      } else if (!shell.get().started()) {
        shell.get().close();
      }
    }
  }

  private LaneKind kind(
      Task task, Optional<Path> source, Optional<Tools> tools, Optional<Transform> batch) {
    return new LaneKind(
        task.environment().exposed().stream().map(Path::of).toList(),
        task.transform().network() == Transform.Network.NONE,
        source,
        task.secrets().files(),
        users.of(task.transform().user()),
        tools,
        batch);
  }

  private RuntimeException refusal() {
    return new Fault.Unsupported("a sandbox on this machine", Optional.of(probed.reason()))
        .asException();
  }

  @Override
  public void close() {
    lanes.close();
  }
}
