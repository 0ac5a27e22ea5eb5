package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Ending;
import dev.dassie.job.Environment;
import dev.dassie.job.Executor;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Transform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An executor over chunks in memory, and short ways to make inputs, run datums and read results.
public class Workbench implements AutoCloseable {
  public final Path base;
  public final MemoryObjectStore objects = new MemoryObjectStore();
  public final Packs packs;
  public final Filesets files;
  public final Executor executor;
  private long keys;

  /// Makes the executor of the bench.
  public interface Maker {
    Executor make(Path home, ChunkStore chunks) throws IOException;
  }

  public Workbench(Maker maker) throws IOException {
    base =
        Files.createTempDirectory(
            Path.of(System.getProperty("dassie.workshop", "/var/tmp")), "dassie-test-");
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    packs = new Packs(objects, Files.createDirectory(base.resolve("index")));
    files = new Filesets(packs);
    executor = maker.make(Files.createDirectory(base.resolve("dassie")), packs);
  }

  /// A stored fileset of these files; a path that ends with `*` is executable.
  public Fileset fileset(Map<String, String> contents) throws IOException {
    try (var session = packs.session();
        Edits edits = new Edits(base)) {
      Filesets writing = new Filesets(session);
      for (Map.Entry<String, String> file : contents.entrySet()) {
        boolean executable = file.getKey().endsWith("*");
        FilePath path = FilePath.parse(file.getKey().replace("*", ""));
        byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
        Body body = writing.write(new ByteArrayInputStream(bytes), session);
        edits.add(new Edit.Put(path, executable, body, Optional.empty()));
      }
      Fileset made = writing.apply(Filesets.EMPTY, edits, session);
      session.publish();
      return made;
    }
  }

  public Task.Part part(String name, Fileset fileset, String path) {
    return new Task.Part(
        name, files.find(fileset, FilePath.parse(path)).orElseThrow(), "c0ffee", false);
  }

  public Task.Item item(Task.Part... parts) {
    String id = "datum-" + keys++;
    return new Task.Item(id, Digest.of(id.getBytes(StandardCharsets.UTF_8)), List.of(parts));
  }

  public static Transform shell(String script) {
    return transform(List.of("sh", "-c", script));
  }

  public static Transform transform(List<String> cmd) {
    return new Transform(
        cmd,
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Transform.Network.HOST,
        Optional.empty());
  }

  public Task task(Transform transform, Task.Item... items) {
    return task(transform, 1, Optional.empty(), items);
  }

  public Task task(Transform transform, int tries, Optional<Duration> timeout, Task.Item... items) {
    return new Task(
        7,
        "edges",
        transform,
        Optional.empty(),
        new Environment(List.of(), executor.environment(transform).exposed()),
        Map.of("PPS_PIPELINE_NAME", "edges"),
        List.of(items),
        new Task.Limits(tries, timeout, 1 << 20));
  }

  public static Task withSource(Task task, Entry.Directory source) {
    return new Task(
        task.lease(),
        task.pipeline(),
        task.transform(),
        Optional.of(source),
        task.environment(),
        task.env(),
        task.items(),
        task.limits());
  }

  /// Runs a task and gives the endings in the order of its items.
  public List<Ending> run(Task task) throws InterruptedException {
    Recorder recorder = new Recorder();
    executor.run(task, recorder);
    List<Ending> endings = new ArrayList<>();
    for (Task.Item item : task.items()) {
      endings.add(Optional.ofNullable(recorder.endings.get(item.key())).orElseThrow());
    }
    return endings;
  }

  /// Runs a script as one datum.
  public Ending sh(String script, Task.Part... parts) throws InterruptedException {
    return run(task(shell(script), item(parts))).getFirst();
  }

  /// All files of an output with their text.
  public Map<String, String> contents(Ending ending) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    if (!(ending instanceof Ending.Succeeded succeeded)) {
      throw new AssertionError(ending + " with the log: " + log(ending));
    }
    Fileset output = succeeded.output();
    Iterator<Entry.File> walk = files.walk(output, FilePath.ROOT, Optional.empty());
    while (walk.hasNext()) {
      Entry.File file = walk.next();
      contents.put(file.path() + (file.executable() ? "*" : ""), text(file.body()));
    }
    return contents;
  }

  public String log(Ending ending) throws IOException {
    return text(ending.tries().getLast().log());
  }

  public String text(Body body) throws IOException {
    try (var in = files.open(body)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Keeps every ending; accepts all.
  public static final class Recorder implements Report {
    public final Map<Digest, Ending> endings = new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public boolean started(long lease, Digest key) {
      return true;
    }

    @Override
    public boolean done(long lease, Digest key, Ending ending) {
      endings.put(key, ending);
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    executor.close();
    packs.close();
    Wipe.tree(base);
  }
}
