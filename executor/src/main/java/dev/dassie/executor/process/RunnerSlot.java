package dev.dassie.executor.process;

import dev.dassie.job.Terminal;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A slot in namespaces of its own: one long-lived dassie-runner, which ends, with all that it
/// started, when its standard input is closed or this process dies.
final class RunnerSlot implements Slot {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(10);

  /// After a timeout the runner answers at once; a process that cannot die holds it up.
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Path folder;
  private final RootPlan plan;
  private final Process process;
  private final OutputStream requests;
  private final Thread relaying;

  /// The process inside: pid 1 of the namespace, which outlives the outer one if that is killed.
  private volatile Optional<ProcessHandle> inner = Optional.empty();

  /// Few: a shell that writes without end waits until somebody reads.
  private final BlockingQueue<Frames.Frame> replies = new LinkedBlockingQueue<>(64);

  private final Semaphore settled = new Semaphore(0);
  private volatile boolean usable = true;
  private volatile Optional<Command.Sink> live = Optional.empty();

  /// Starts the runner and waits until its root stands.
  RunnerSlot(Path program, RootPlan plan, Path folder)
      throws IOException, InterruptedException, SlotLostException {
    this.folder = folder;
    this.plan = plan;
    ProcessBuilder builder =
        new ProcessBuilder(List.of(program.toString()))
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile());
    builder.environment().clear();
    process = builder.start();
    requests = process.getOutputStream();
    InputStream answers = process.getInputStream();
    relaying =
        Thread.ofPlatform()
            .daemon()
            .name("dassie-" + folder.getFileName())
            .start(() -> relay(answers));
    try {
      send(Frames.setup(plan));
      await(START, Frames.READY);
      inner = process.children().findFirst();
    } catch (SlotLostException | InterruptedException e) {
      close();
      throw e;
    }
  }

  @Override
  public Layout layout() {
    return Layout.PRIVATE;
  }

  @Override
  public Path inputs() {
    return folder.resolve("pfs");
  }

  @Override
  public Path out() {
    return folder.resolve("out");
  }

  @Override
  public boolean guardsInputs() {
    return true;
  }

  @Override
  public boolean usable() {
    return usable;
  }

  /// The process outside the namespaces.
  long pid() {
    return process.pid();
  }

  @Override
  public Outcome run(Command command) throws InterruptedException, SlotLostException {
    live = command.live();
    try {
      send(Frames.run(command));
      Duration patience = command.timeout().map(GRACE::plus).orElse(Duration.ofDays(36_500));
      return outcome(await(patience, Frames.DONE), command);
    } catch (InterruptedException | SlotLostException e) {
      close();
      throw e;
    }
  }

  @Override
  public void terminate() {
    try {
      send(Frames.terminate());
    } catch (SlotLostException e) {
      return; // whoever waits for the command is told
    }
  }

  @Override
  public void settle() throws InterruptedException {
    int _ = settled.drainPermits();
    try {
      send(Frames.settle());
      boolean _ = settled.tryAcquire(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (SlotLostException e) {
      return; // whoever waits for the command is told
    }
  }

  @Override
  public void close() {
    usable = false;
    try {
      requests.close();
    } catch (IOException e) {
      process.destroyForcibly(); // the pipe is broken: the runner is ending already
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (inner.isPresent()) {
        inner.get().onExit().get(END.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    } catch (ExecutionException | TimeoutException e) {
      inner.ifPresent(ProcessHandle::destroyForcibly);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Frames.Frame await(Duration patience, char kind)
      throws InterruptedException, SlotLostException {
    Frames.Frame frame = replies.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (frame == null) {
      throw lost("does not answer");
    }
    if (frame.kind() == Frames.ERROR) {
      throw lost(new String(frame.payload(), StandardCharsets.UTF_8));
    }
    if (frame.kind() != kind) {
      throw lost("answered `" + frame.kind() + "`");
    }
    return frame;
  }

  private void relay(InputStream answers) {
    try {
      while (true) {
        Frames.Frame frame = Frames.read(answers);
        if (frame.kind() == Frames.OUTPUT && live.isPresent()) {
          live.get().write(frame.payload(), frame.payload().length);
        } else if (frame.kind() == Frames.SETTLED) {
          settled.release();
        } else {
          replies.put(frame);
        }
      }
    } catch (IOException e) {
      byte[] text = "ended unexpectedly".getBytes(StandardCharsets.UTF_8);
      boolean _ = replies.offer(new Frames.Frame(Frames.ERROR, text));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody reads any more
    }
  }

  /// Starts a shell, for which the slot is used up. Its frames come from [#next].
  void shell(Command command, Optional<Terminal.Size> size) throws SlotLostException {
    usable = false;
    live = Optional.empty();
    send(Frames.shell(command, size));
  }

  synchronized void send(byte[] frame) throws SlotLostException {
    try {
      Frames.send(requests, frame);
    } catch (IOException e) {
      throw lost("does not listen");
    }
  }

  Optional<Frames.Frame> next(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(replies.poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
  }

  /// Ends everything at once, also where somebody waits to send.
  void kill() {
    inner.ifPresent(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    relaying.interrupt();
  }

  private SlotLostException lost(String what) {
    usable = false;
    String errors = "";
    try {
      Path file = folder.resolve("errors");
      if (Files.isRegularFile(file) && Files.size(file) < 4096) {
        errors = Files.readString(file).strip();
      }
    } catch (IOException e) {
      errors = "";
    }
    return new SlotLostException(
        "The runner of the sandbox failed: "
            + what
            + (errors.isEmpty() ? "" : " (" + errors + ")"));
  }

  private Outcome outcome(Frames.Frame frame, Command command) {
    try (DataInputStream in = Frames.open(frame)) {
      int exitCode = in.readInt();
      int signal = in.readInt();
      boolean timedOut = in.readBoolean();
      boolean outOfMemory = in.readBoolean();
      if (in.readBoolean()) {
        usable = false;
      }
      boolean damaged = in.readBoolean();
      int over = in.readUnsignedByte();
      long wall = in.readLong();
      long user = in.readLong();
      long system = in.readLong();
      long resident = in.readLong();
      long total = in.readLong();
      boolean spilled = in.readBoolean();
      CapturedLog log =
          new CapturedLog(
              total,
              Math.max(1, command.logBytes()),
              in.readAllBytes(),
              spilled ? Optional.of(plan.log()) : Optional.empty(),
              damaged);
      Optional<String> broken =
          over == 0 ? Optional.empty() : Optional.of(command.bounds().broken(over));
      return new Outcome(
          exitCode, signal, timedOut, outOfMemory, wall, user, system, resident, log, broken);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
