package dev.dassie.remote;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.CodeExecutor;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.Lab;
import dev.dassie.job.PipelineRecipes;
import dev.dassie.job.Results;
import dev.dassie.job.Scheduler;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Secrets;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.IdSource;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A whole instance in memory, that archives leave and come to.
final class Site implements AutoCloseable {
  static final Call ANN = new Call("local:ann", "because");

  final Metadata metadata = new MemoryMetadata();
  final Packs packs;
  final Versions versions;
  final Files files;
  final Pipelines pipelines;
  final Results results;
  final CodeExecutor executor;
  final Jobs jobs;
  final Archives archives;
  private final Scheduler scheduler;

  /// @param seed of the ids: two instances never give the same
  Site(Path folder, int seed) throws IOException {
    Path home = java.nio.file.Files.createDirectories(folder.resolve("site" + seed));
    this.packs = new Packs(new MemoryObjectStore(), home.resolve("index"));
    this.versions =
        new Versions(metadata, packs, home, InstantSource.system(), IdSource.of(new Random(seed)));
    this.files = new Files(versions);
    this.pipelines = new Pipelines(versions, new Random(seed));
    this.results = new Results(metadata, packs);
    this.executor = new CodeExecutor(packs, home);
    this.scheduler =
        new Scheduler(
            versions,
            new PipelineRecipes(
                pipelines,
                new Secrets(versions, home.resolve("secret.key")),
                dev.dassie.pipeline.DatumLimit.NONE),
            results,
            executor,
            dev.dassie.job.Outlet.NONE);
    this.jobs = new Jobs(versions, results, scheduler);
    this.archives = new Archives(versions, results);
    scheduler.start();
  }

  static RepoName repo(String name) {
    return new RepoName("default", name);
  }

  static BranchName branch(String text) {
    int at = text.indexOf('@');
    return new BranchName(repo(text.substring(0, at)), text.substring(at + 1));
  }

  void make(String repo) {
    versions.change(ANN, change -> change.createRepo(repo(repo), "of " + repo));
  }

  /// One commit of a few files: path, text, path, text.
  Commit put(String branch, String... pathsAndTexts) {
    try (FileWriter writer = files.write(ANN, branch(branch))) {
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        byte[] text = pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        writer.put(
            FilePath.parse(pathsAndTexts[i]),
            false,
            new ByteArrayInputStream(text),
            false,
            Optional.of("text/plain"));
      }
      return writer.commit();
    }
  }

  /// `name` copies what `repo@master` has, one datum a file.
  void pipeline(String name, String repo) {
    PipelineSpec spec = Lab.spec(name, "copy", Lab.files(repo, "/*"));
    List<Draft> drafts =
        List.of(new Draft(spec, "{\"of\": \"" + name + "\"}", Optional.empty(), Optional.empty()));
    List<?> _ = pipelines.create(ANN, drafts);
  }

  /// The job of the newest commit of a pipeline, when it has ended.
  Job newest(String pipeline) throws InterruptedException {
    Commit head = versions.inspect(versions.resolve("default", pipeline + "@master").name());
    JobName name = new JobName("default", pipeline, head.name().id());
    return jobs.await(name, Duration.ofSeconds(60));
  }

  /// All files of a commit, by path.
  Map<String, String> read(String address) throws IOException {
    Filesets reader = new Filesets(packs);
    Map<String, String> found = new TreeMap<>();
    var all =
        reader.walk(
            versions.resolve("default", address).finishedFiles().orElseThrow(),
            FilePath.ROOT,
            Optional.empty());
    while (all.hasNext()) {
      Entry.File file = all.next();
      try (InputStream in = reader.open(file.body())) {
        found.put(file.path().value(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  byte[] export(String... repos) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archives.write(Stream.of(repos).map(Site::repo).toList(), out);
    return out.toByteArray();
  }

  byte[] exportAll() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archives.writeAll(out);
    return out.toByteArray();
  }

  Archives.Imported take(byte[] archive) throws IOException {
    return archives.read(ANN, new ByteArrayInputStream(archive), Optional.empty());
  }

  Archives.Imported takeAs(byte[] archive, String repo) throws IOException {
    return archives.read(ANN, new ByteArrayInputStream(archive), Optional.of(repo(repo)));
  }

  /// The commits of a repo with all that is known of them, newest first.
  List<Commit> commits(String repo) {
    return versions.commits(repo(repo), commit -> true, "", 1000).items();
  }

  /// The frames of an archive: what it holds, however it is compressed.
  static List<ArchiveFormat.Frame> frames(byte[] archive) throws IOException {
    List<ArchiveFormat.Frame> frames = new ArrayList<>();
    try (ArchiveReader reader = new ArchiveReader(new ByteArrayInputStream(archive))) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        frames.add(next.get());
      }
    }
    return frames;
  }

  /// The frames with one byte of one of them changed.
  static List<ArchiveFormat.Frame> mangled(List<ArchiveFormat.Frame> frames, Random random) {
    List<ArchiveFormat.Frame> mangled = new ArrayList<>(frames);
    int at = random.nextInt(frames.size());
    byte[] bytes = frames.get(at).bytes().clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    mangled.set(at, new ArchiveFormat.Frame(frames.get(at).kind(), bytes));
    return mangled;
  }

  static byte[] archive(ArchiveFormat.Scope scope, List<ArchiveFormat.Frame> frames)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ArchiveWriter writer = new ArchiveWriter(scope, out)) {
      for (ArchiveFormat.Frame frame : frames) {
        writer.frame(frame.kind(), frame.bytes());
      }
      writer.end();
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    scheduler.close();
    packs.close();
  }
}
