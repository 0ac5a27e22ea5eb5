package dev.dassie.executor.process;

import dev.dassie.executor.datum.Command;
import dev.dassie.executor.datum.LogRing;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.Slot;
import dev.dassie.executor.datum.SlotLostException;
import dev.dassie.executor.datum.Wipe;
import dev.dassie.job.Written;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/// A slot that starts a process per command: under `bwrap`, or with no sandbox at all.
final class SpawnSlot implements Slot {
  private static final int END_SECONDS = 10;
  private static final long DAYS = 36_500;
  private static final int MAX_SIGNAL = 64;

  private final Path folder;
  private final Way way;
  private final ExecutorService spawner;
  private final Optional<Path> secrets;
  private volatile Optional<Process> running = Optional.empty();
  private volatile Optional<LogRing> writing = Optional.empty();

  /// @param spawner one lasting thread: what it starts may end with the thread that started it
  /// @param secrets a folder that goes with the slot
  SpawnSlot(Path folder, Way way, ExecutorService spawner, Optional<Path> secrets) {
    this.folder = folder;
    this.way = way;
    this.spawner = spawner;
    this.secrets = secrets;
  }

  /// How a command becomes a process.
  sealed interface Way {
    Layout layout();
  }

  private record Wrapped(RootPlan plan, Bubblewrap bubblewrap, Layout layout) implements Way {}

  private record Bare(Optional<Path> runner, Layout layout) implements Way {}

  /// In a private root that `bwrap` makes, and ends with all that is in it.
  static Way wrapped(RootPlan plan, Bubblewrap bubblewrap) {
    return new Wrapped(plan, bubblewrap, Layout.PRIVATE);
  }

  /// With the paths of the host.
  ///
  /// @param runner ends what a command leaves running; without it only its process tree is ended
  static Way bare(Path folder, Optional<Path> runner, Optional<Path> source) {
    Layout layout =
        new Layout(
            folder.resolve("pfs").toString(),
            source.map(Path::toString).orElse(""),
            folder.resolve("home").toString(),
            folder.resolve("tmp").toString());
    return new Bare(runner, layout);
  }

  @Override
  public Layout layout() {
    return way.layout();
  }

  @Override
  public Path inputs() {
    return folder.resolve("pfs");
  }

  @Override
  public Path out() {
    return folder.resolve(guardsInputs() ? "out" : "pfs/out");
  }

  @Override
  public boolean guardsInputs() {
    return way instanceof Wrapped;
  }

  @Override
  public boolean usable() {
    return true;
  }

  /// The first process inside gets the signal; what wraps it ends with it.
  @Override
  public void terminate() {
    running
        .map(Process::toHandle)
        .ifPresent(process -> process.children().forEach(ProcessHandle::destroy));
  }

  @Override
  public void settle() {
    // What is on its way in the pipe cannot be told from here.
  }

  @Override
  public Optional<Written> written() {
    try {
      Optional<LogRing> ring = writing;
      return ring.isPresent() ? Optional.of(ring.get().written(Written.MOST)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // nothing was written yet, or it is over
    }
  }

  @Override
  public void close() {
    // Nothing of a command outlives its run.
    try {
      if (secrets.isPresent()) {
        Wipe.tree(secrets.get());
      }
    } catch (IOException e) {
      System.getLogger("dassie.executor")
          .log(System.Logger.Level.WARNING, "The folder `" + secrets.get() + "` stays", e);
    }
  }

  @Override
  public Outcome run(Command command) throws InterruptedException, SlotLostException {
    long start = System.nanoTime();
    LogRing ring = new LogRing(folder.resolve("log"), command.logBytes());
    writing = command.live().isPresent() ? Optional.empty() : Optional.of(ring);
    try {
      Files.deleteIfExists(usage());
      Process process = spawn(command);
      running = Optional.of(process);
      Thread drain =
          Thread.ofVirtual().start(() -> drain(ring, command.live(), process.getInputStream()));
      boolean ended;
      try {
        long patience = command.timeout().map(t -> t.toNanos()).orElse(TimeUnit.DAYS.toNanos(DAYS));
        ended = process.waitFor(patience, TimeUnit.NANOSECONDS);
      } finally {
        running = Optional.empty();
        writing = Optional.empty();
        end(process);
      }
      long wall = (System.nanoTime() - start) / 1000;
      drain.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
      int code = process.exitValue();
      int signal = code > 128 && code <= 128 + MAX_SIGNAL ? code - 128 : 0;
      Usage used = used();
      return new Outcome(
          code,
          signal,
          !ended,
          false,
          wall,
          used.userMicros(),
          used.systemMicros(),
          used.maxRssKib(),
          ring.captured());
    } catch (IOException e) {
      throw new SlotLostException("The datum could not be started: " + e.getMessage());
    }
  }

  private Process spawn(Command command) throws IOException, InterruptedException {
    Path stdin = folder.resolve("stdin");
    Files.write(stdin, command.stdin());
    ProcessBuilder builder =
        new ProcessBuilder(line(command)).redirectErrorStream(true).redirectInput(stdin.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(command.variables());
    if (way instanceof Bare) {
      builder.directory(Path.of(command.folder()).toFile());
    }
    try {
      return spawner.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private List<String> line(Command command) throws IOException {
    return switch (way) {
      case Wrapped wrapped -> wrapped.bubblewrap().line(wrapped.plan(), command);
      case Bare bare -> {
        for (String name : List.of("home", "tmp")) {
          Files.createDirectories(folder.resolve(name));
          Wipe.contents(folder.resolve(name));
        }
        List<String> line = new ArrayList<>();
        bare.runner().ifPresent(runner -> line.addAll(reaper(runner)));
        line.addAll(command.arguments());
        yield line;
      }
    };
  }

  private List<String> reaper(Path runner) {
    return List.of(runner.toString(), "--reap", usage().toString());
  }

  private Path usage() {
    return folder.resolve("usage");
  }

  private record Usage(long userMicros, long systemMicros, long maxRssKib) {}

  /// What `dassie-runner --reap` measured; zeros where it did not run.
  private Usage used() throws IOException {
    if (!Files.exists(usage())) {
      return new Usage(0, 0, 0);
    }
    String[] numbers = Files.readString(usage()).strip().split(" ", -1);
    if (numbers.length != 3) {
      return new Usage(0, 0, 0);
    }
    return new Usage(
        Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }

  private static void drain(LogRing ring, Optional<Command.Sink> live, InputStream output) {
    try (output) {
      if (live.isPresent()) {
        byte[] buffer = new byte[1 << 16];
        for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
          live.get().write(buffer, n);
        }
      } else {
        ring.copy(output);
      }
    } catch (IOException e) {
      return; // the process was ended and its pipe with it
    }
  }

  private void end(Process process) throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    ProcessHandle handle = process.toHandle(); // Process itself would close the output unread
    if (way instanceof Bare bare && bare.runner().isPresent()) {
      handle.destroy();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        handle.destroyForcibly();
      }
    } else {
      handle.descendants().forEach(ProcessHandle::destroyForcibly);
      handle.destroyForcibly();
    }
    process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    if (interrupted) {
      throw new InterruptedException();
    }
  }
}
