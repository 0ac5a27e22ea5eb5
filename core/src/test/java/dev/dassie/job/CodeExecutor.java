package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.bucket.Outbox;
import dev.dassie.pipeline.Transform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An executor for tests: `cmd[0]` names a function in the same process.
public final class CodeExecutor implements Executor {
  /// What a datum reads, by input name and path, becomes what it writes, by path.
  public interface Code {
    Map<String, String> run(Map<String, String> files) throws InterruptedException;
  }

  /// Thrown by code: all tries failed.
  public static final class Fails extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Fails(String reason) {
      super(reason);
    }
  }

  /// Thrown by code: `errCmd` ended well.
  public static final class Recovers extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// Ids of datums in the order they ran.
  public final List<String> ran = new CopyOnWriteArrayList<>();

  /// Keys that ran twice at the same time.
  public final List<Digest> doubled = new CopyOnWriteArrayList<>();

  public final AtomicInteger tasks = new AtomicInteger();

  /// The variables of the newest task.
  public volatile Map<String, String> variables = Map.of();

  private final ChunkStore chunks;
  private final Path folder;
  private final Map<String, Code> codes = new ConcurrentHashMap<>();
  private volatile List<String> facts = List.of("jvm", "version 1");
  private final Map<Digest, Boolean> running = new ConcurrentHashMap<>();

  public CodeExecutor(ChunkStore chunks, Path folder) {
    this.chunks = chunks;
    this.folder = folder;
    code(
        "copy",
        files -> {
          Map<String, String> out = new TreeMap<>();
          files.forEach((path, text) -> out.put(path.substring(path.indexOf('/') + 1), text));
          return out;
        });
    code("nothing", files -> Map.of());
  }

  /// Changes what code runs on.
  public void facts(List<String> now) {
    facts = List.copyOf(now);
  }

  public void code(String name, Code code) {
    codes.put(name, code);
  }

  @Override
  public String name() {
    return "code";
  }

  @Override
  public String sandbox() {
    return "none";
  }

  @Override
  public Environment environment(Transform transform) {
    String program = transform.cmd().getFirst();
    if (!codes.containsKey(program)) {
      throw new Fault.NotFound("program", program, Optional.empty()).asException();
    }
    return new Environment(facts, List.of());
  }

  @Override
  public void run(Task task, Report report) throws InterruptedException {
    tasks.incrementAndGet();
    variables = task.env();
    try (ChunkStore.Session session = chunks.session()) {
      for (Task.Item item : task.items()) {
        if (!report.started(task.lease(), item.key())) {
          return;
        }
        if (running.put(item.key(), true) != null) {
          doubled.add(item.key());
        }
        ran.add(item.id());
        Ending ending = one(task, item, session);
        session.publish();
        running.remove(item.key());
        if (!report.done(task.lease(), item.key(), ending)) {
          return;
        }
      }
    }
  }

  private Ending one(Task task, Task.Item item, ChunkStore.Session session)
      throws InterruptedException {
    Instant began = Instant.parse("2026-11-21T10:00:00Z");
    Code code = codes.get(task.transform().cmd().getFirst());
    try {
      task.outbox().ifPresent(outbox -> outbox.begin(0));
      Map<String, String> out = code.run(files(item));
      Fileset output = task.outbox().map(Outbox::take).orElseGet(() -> fileset(out, session));
      return new Ending.Succeeded(
          output, List.of(attempt(0, Optional.empty(), "ran " + out.size(), began)));
    } catch (Fails e) {
      return new Ending.Failed(
          String.valueOf(e.getMessage()),
          List.of(attempt(1, Optional.of("exit 1"), "failed\n", began)));
    } catch (Recovers e) {
      return new Ending.Recovered(
          "recovered", List.of(attempt(1, Optional.of("exit 1"), "", began)));
    }
  }

  private static Ending.Try attempt(int exit, Optional<String> problem, String log, Instant began) {
    Body body = new Body.Inline(log.getBytes(StandardCharsets.UTF_8));
    return new Ending.Try(exit, problem, body, began, 1000, 500, 100, 2048);
  }

  private Map<String, String> files(Task.Item item) {
    Filesets filesets = new Filesets(chunks);
    Map<String, String> files = new TreeMap<>();
    for (Task.Part part : item.parts()) {
      switch (part.match()) {
        case Entry.File file ->
            files.put(part.name() + "/" + file.path().value(), text(filesets, file));
        case Entry.Directory directory -> {
          try (ChunkStore.Session session = chunks.session()) {
            Filesets within = new Filesets(session);
            Iterator<Entry.File> found =
                within.walk(within.of(directory, session), FilePath.ROOT, Optional.empty());
            while (found.hasNext()) {
              Entry.File file = found.next();
              files.put(
                  part.name() + "/" + file.path().under(directory.path()).value(),
                  text(filesets, file));
            }
          }
        }
      }
    }
    return files;
  }

  private static String text(Filesets filesets, Entry.File file) {
    try {
      return new String(filesets.open(file.body()).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fileset fileset(Map<String, String> out, ChunkStore.Session session) {
    if (out.isEmpty()) {
      return Filesets.EMPTY;
    }
    Filesets filesets = new Filesets(session);
    try (Edits edits = new Edits(folder)) {
      out.forEach((path, text) -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Body body = filesets.write(new ByteArrayInputStream(bytes), session);
        edits.add(new Edit.Put(new FilePath(path), false, body, Optional.empty()));
      });
      return filesets.apply(Filesets.EMPTY, edits, session);
    }
  }

  @Override
  public void close() {}
}
