package dev.dassie.executor.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/// A slot that starts a process per command: under `bwrap`, or with no sandbox at all. Without one,
/// what a command leaves running is found by a variable that its processes inherit.
final class SpawnSlot implements Slot {
  private static final int END_SECONDS = 10;
  private static final long DAYS = 36_500;
  private static final int MAX_SIGNAL = 64;
  private static final String MARK = "DASSIE_RUN";

  private final Path folder;
  private final Optional<Bubblewrap> bubblewrap;
  private final RootPlan plan;
  private final Layout layout;
  private final ExecutorService spawner;

  /// @param spawner one lasting thread: `bwrap` ends with the thread that started it
  SpawnSlot(
      Path folder,
      RootPlan plan,
      Optional<Bubblewrap> bubblewrap,
      Optional<Path> source,
      ExecutorService spawner) {
    this.folder = folder;
    this.bubblewrap = bubblewrap;
    this.plan = plan;
    this.spawner = spawner;
    this.layout =
        bubblewrap.isPresent()
            ? Layout.PRIVATE
            : new Layout(
                folder.resolve("pfs").toString(),
                source.map(Path::toString).orElse(""),
                folder.resolve("home").toString(),
                folder.resolve("tmp").toString());
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Path inputs() {
    return folder.resolve("pfs");
  }

  @Override
  public Path out() {
    return folder.resolve(bubblewrap.isPresent() ? "out" : "pfs/out");
  }

  @Override
  public boolean guardsInputs() {
    return bubblewrap.isPresent();
  }

  @Override
  public boolean usable() {
    return true;
  }

  @Override
  public void close() {
    // Nothing of a command outlives its run.
  }

  @Override
  public Outcome run(Command command) throws InterruptedException, SlotLostException {
    String mark = UUID.randomUUID().toString();
    Instant started = Instant.now();
    long start = System.nanoTime();
    LogRing ring = new LogRing(folder.resolve("log"), command.logBytes());
    try {
      Process process = spawn(command, mark);
      Thread drain = Thread.ofVirtual().start(() -> drain(ring, process.getInputStream()));
      boolean ended;
      try {
        long patience = command.timeout().map(t -> t.toNanos()).orElse(TimeUnit.DAYS.toNanos(DAYS));
        ended = process.waitFor(patience, TimeUnit.NANOSECONDS);
      } finally {
        end(process, mark, started);
      }
      long wall = (System.nanoTime() - start) / 1000;
      drain.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
      int code = process.exitValue();
      int signal = code > 128 && code <= 128 + MAX_SIGNAL ? code - 128 : 0;
      return new Outcome(code, signal, !ended, false, wall, 0, 0, 0, ring.captured());
    } catch (IOException e) {
      throw new SlotLostException("The datum could not be started: " + e.getMessage());
    }
  }

  private Process spawn(Command command, String mark) throws IOException, InterruptedException {
    Path stdin = folder.resolve("stdin");
    Files.write(stdin, command.stdin());
    List<String> line = command.arguments();
    if (bubblewrap.isPresent()) {
      line = bubblewrap.get().line(plan, command);
    } else {
      for (String name : List.of("home", "tmp")) {
        Files.createDirectories(folder.resolve(name));
        Wipe.contents(folder.resolve(name));
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectInput(stdin.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(command.variables());
    if (bubblewrap.isEmpty()) {
      builder.directory(Path.of(command.folder()).toFile());
      environment.put(MARK, mark);
    }
    try {
      return spawner.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static void drain(LogRing ring, InputStream output) {
    try (output) {
      ring.copy(output);
    } catch (IOException e) {
      return; // the process was ended and its pipe with it
    }
  }

  private void end(Process process, String mark, Instant started) throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    process.toHandle().destroyForcibly(); // Process itself would close the output unread
    if (bubblewrap.isEmpty()) {
      Strays.end(MARK + "=" + mark, started);
    }
    process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    if (interrupted) {
      throw new InterruptedException();
    }
  }
}
