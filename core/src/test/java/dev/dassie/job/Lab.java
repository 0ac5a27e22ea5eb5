package dev.dassie.job;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// An instance in memory that runs jobs with a [CodeExecutor].
public final class Lab implements AutoCloseable {
  public static final Call ANN = new Call("local:ann", "because");
  private static final Duration LONG = Duration.ofSeconds(60);

  public final World world;
  public final MemoryObjectStore objects = new MemoryObjectStore();
  public final Packs packs;
  public final CodeExecutor executor;
  public final Results results;

  /// Where outputs go; takes effect with the next [#restart].
  public volatile DatumLimit limit = DatumLimit.NONE;

  public Outlet outlet = Outlet.NONE;

  /// What runs datums; takes effect with the next [#restart].
  public Executor runs;

  private final Map<CommitName, Recipes.Recipe> recipes = new ConcurrentHashMap<>();
  private Scheduler scheduler;
  private Jobs jobs;

  public Lab(Path folder) {
    this(folder, new MemoryMetadata());
  }

  public Lab(Path folder, Metadata metadata) {
    this.packs = new Packs(objects, folder.resolve("index"));
    this.world = new World(folder, metadata, packs);
    this.executor = new CodeExecutor(world.chunks, folder);
    this.runs = executor;
    this.results = new Results(world.metadata, world.chunks);
    this.scheduler = newScheduler();
    this.jobs = new Jobs(world.versions, results, scheduler);
    scheduler.start();
  }

  public Jobs jobs() {
    return jobs;
  }

  public Recipes recipes() {
    return new Recipes() {
      @Override
      public Recipe of(CommitName spec) {
        return recipes.get(spec);
      }

      @Override
      public DatumLimit limit() {
        return limit;
      }
    };
  }

  public Trials trials() {
    return new Trials(scheduler, jobs);
  }

  public DatumReader reader() {
    return new DatumReader(world.versions, results);
  }

  private Scheduler newScheduler() {
    return new Scheduler(world.versions, recipes(), results, runs, outlet);
  }

  /// What a start of a server does; the old scheduler is left as it is, as after a crash.
  public Scheduler restart() {
    Scheduler old = scheduler;
    scheduler = newScheduler();
    jobs = new Jobs(world.versions, results, scheduler);
    scheduler.start();
    return old;
  }

  @Override
  public void close() {
    scheduler.close();
  }

  static RepoName repo(String name) {
    return new RepoName("default", name);
  }

  static BranchName master(String repo) {
    return new BranchName(repo(repo), "master");
  }

  /// `name` reading `repo@master` under a glob.
  public static Input.Files files(String repo, String glob) {
    return new Input.Files(repo, master(repo), glob, false);
  }

  public static PipelineSpec spec(String name, String code, Input input) {
    Transform transform =
        new Transform(
            List.of(code),
            List.of(),
            Map.of("LEVEL", "3"),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            Transform.Network.HOST,
            Optional.empty());
    return new PipelineSpec(
        "default",
        name,
        "",
        Map.of(),
        Map.of(),
        transform,
        input,
        "master",
        2,
        1,
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        "",
        List.of());
  }

  public static PipelineSpec concat(PipelineSpec s) {
    return new PipelineSpec(
        s.project(),
        s.name(),
        "",
        Map.of(),
        Map.of(),
        s.transform(),
        s.input(),
        s.outputBranch(),
        s.parallelism(),
        1,
        Optional.empty(),
        Optional.empty(),
        false,
        true,
        "",
        List.of());
  }

  public static PipelineSpec everyJob(PipelineSpec s) {
    return new PipelineSpec(
        s.project(),
        s.name(),
        "",
        Map.of(),
        Map.of(),
        s.transform(),
        s.input(),
        s.outputBranch(),
        s.parallelism(),
        1,
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        "",
        List.of());
  }

  public static PipelineSpec timeout(PipelineSpec s, Duration limit) {
    return new PipelineSpec(
        s.project(),
        s.name(),
        "",
        Map.of(),
        Map.of(),
        s.transform(),
        s.input(),
        s.outputBranch(),
        s.parallelism(),
        1,
        Optional.empty(),
        Optional.of(limit),
        false,
        false,
        "",
        List.of());
  }

  /// Creates or updates a pipeline as the pipeline room does it.
  public void pipeline(PipelineSpec spec) {
    RepoName repo = repo(spec.name());
    RepoName specs = new RepoName("default", spec.name(), RepoName.Type.SPEC);
    BranchName specBranch = new BranchName(specs, "master");
    List<BranchName> sources = new ArrayList<>(spec.input().branches());
    sources.add(specBranch);
    world.versions.change(
        ANN,
        change -> {
          if (change.repo(repo).isEmpty()) {
            change.createRepo(repo, "");
            change.createRepo(specs, "");
          }
          for (BranchName source : spec.input().branches()) {
            if (change.ref(source).isEmpty()) {
              change.createBranch(source, Optional.empty(), List.of(), Optional.empty());
            }
          }
          Commit commit = change.putFinished(specBranch, Filesets.EMPTY);
          long version = recipes.size() + 1L;
          recipes.put(
              commit.name(), new Recipes.Recipe(spec, version, commit.name(), Optional.empty()));
          return change.createBranch(
              new BranchName(repo, spec.outputBranch()),
              Optional.empty(),
              sources,
              Optional.of(spec.name()));
        });
  }

  public void repoNamed(String name) {
    world.versions.change(ANN, change -> change.createRepo(repo(name), ""));
  }

  /// One commit of a few files: path, text, path, text.
  public Commit put(String repo, String... pathsAndTexts) {
    return putOn(master(repo), pathsAndTexts);
  }

  /// The same on another branch.
  public Commit putOn(BranchName branch, String... pathsAndTexts) {
    try (FileWriter writer = world.files.write(ANN, branch)) {
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        byte[] text = pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        writer.put(
            new FilePath(pathsAndTexts[i]),
            false,
            new ByteArrayInputStream(text),
            false,
            Optional.empty());
      }
      return writer.commit();
    }
  }

  public Commit delete(String repo, String... paths) {
    return edit(
        repo,
        writer -> {
          for (String path : paths) {
            writer.delete(new FilePath(path));
          }
          return writer;
        });
  }

  private Commit edit(String repo, UnaryOperator<FileWriter> work) {
    try (FileWriter writer = world.files.write(ANN, master(repo))) {
      return work.apply(writer).commit();
    }
  }

  /// Waits for the job that the newest commit of a pipeline belongs to.
  public Job newest(String pipeline) throws InterruptedException {
    Commit head = world.versions.resolve("default", pipeline + "@master");
    return ended(new JobName("default", pipeline, head.name().id()));
  }

  public JobName newestName(String pipeline) {
    return new JobName(
        "default", pipeline, world.versions.resolve("default", pipeline + "@master").name().id());
  }

  /// Waits for the end of a job, also where the scheduler has not made it yet.
  public Job ended(JobName name) throws InterruptedException {
    until(() -> world.metadata.read(rows -> JobTable.find(rows, name)).isPresent());
    return jobs.await(name, LONG);
  }

  /// Waits on the feed for a condition.
  public void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      long position = world.metadata.position();
      if (condition.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited for a minute");
      }
      world.metadata.awaitAfter(position, Duration.ofMillis(100));
    }
  }

  /// All files of the newest finished commit of a repo, by path.
  public Map<String, String> read(String repo) {
    return text(head(repo));
  }

  /// What the newest finished commit of a repo holds.
  public Fileset head(String repo) {
    return world.versions.newestFinished(master(repo)).orElseThrow().finishedFiles().orElseThrow();
  }

  public Map<String, String> text(Fileset files) {
    Filesets filesets = new Filesets(world.chunks);
    Map<String, String> found = new TreeMap<>();
    Iterator<Entry.File> all = filesets.walk(files, FilePath.ROOT, Optional.empty());
    while (all.hasNext()) {
      Entry.File file = all.next();
      try {
        byte[] bytes = filesets.open(file.body()).readAllBytes();
        found.put(file.path().value(), new String(bytes, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }
}
