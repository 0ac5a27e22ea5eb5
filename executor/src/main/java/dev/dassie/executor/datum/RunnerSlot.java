package dev.dassie.executor.datum;

import dev.dassie.job.Terminal;
import dev.dassie.job.Written;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A slot in which one long-lived dassie-runner runs one command after another. The runner ends,
/// with all that it started, when the way to it is closed or this process dies.
public final class RunnerSlot implements Slot {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// After a timeout the runner answers at once; a process that cannot die holds it up.
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final RunnerLink link;
  private final Path folder;
  private final OutputStream requests;
  private final Thread relaying;

  /// Takes long output, where the runner does not write it to the folder itself.
  private final Optional<PieceLog> spool;

  /// Few: a shell that writes without end waits until somebody reads.
  private final BlockingQueue<Frames.Frame> replies = new LinkedBlockingQueue<>(64);

  private final Semaphore settled = new Semaphore(0);
  private final BlockingQueue<Frames.Frame> seen = new LinkedBlockingQueue<>(1);
  private final Lock looking = new ReentrantLock();
  private volatile boolean running;
  private volatile boolean usable = true;
  private volatile Optional<Command.Sink> live = Optional.empty();

  /// Of the command that runs: how much of its output is kept, and whether some was spooled.
  private volatile long logBytes = 1;

  private volatile boolean spooled;

  /// Where output goes that is too long to be held in memory.
  public enum Log {
    /// The runner writes the file `log` of the folder.
    SHARED,
    /// The runner sends it.
    SENT
  }

  /// Sets the runner up and waits until its root stands. It goes with the slot, also where that
  /// fails.
  public RunnerSlot(RunnerLink link, byte[] setup, Path folder, Log log)
      throws InterruptedException, SlotLostException {
    this.link = link;
    this.folder = folder;
    this.spool =
        log == Log.SENT ? Optional.of(new PieceLog(folder.resolve("log"))) : Optional.empty();
    requests = link.requests();
    InputStream answers = link.answers();
    relaying =
        Thread.ofPlatform()
            .daemon()
            .name("dassie-" + folder.getFileName())
            .start(() -> relay(answers));
    try {
      send(setup);
      await(START, Frames.READY);
      link.ready();
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

  /// The way to the runner.
  public RunnerLink link() {
    return link;
  }

  @Override
  public Outcome run(Command command) throws InterruptedException, SlotLostException {
    live = command.live();
    logBytes = command.logBytes();
    spooled = false;
    try {
      send(Frames.run(command));
      running = true;
      Duration patience = command.timeout().map(GRACE::plus).orElse(Duration.ofDays(36_500));
      return outcome(await(patience, Frames.DONE), command);
    } catch (InterruptedException | SlotLostException e) {
      close();
      throw e;
    } finally {
      running = false;
    }
  }

  /// Asks the runner; where the command ends meanwhile there is no answer.
  @Override
  public Optional<Written> written() throws InterruptedException {
    if (!running || live.isPresent()) {
      return Optional.empty();
    }
    if (spooled && spool.isPresent()) {
      return spool.get().written();
    }
    looking.lock();
    try {
      seen.clear();
      send(Frames.look());
      Frames.Frame frame = seen.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        return Optional.empty();
      }
      try (DataInputStream in = Frames.open(frame)) {
        return Optional.of(new Written(in.readLong(), in.readAllBytes()));
      }
    } catch (SlotLostException e) {
      return Optional.empty(); // whoever waits for the command is told
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      looking.unlock();
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
    link.end();
    try {
      if (spool.isPresent()) {
        spool.get().close();
      }
    } catch (IOException e) {
      System.getLogger("dassie.executor").log(System.Logger.Level.DEBUG, "closing a slot", e);
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
        } else if (frame.kind() == Frames.OUTPUT && spool.isPresent() && usable) {
          spool(spool.get(), frame.payload());
        } else if (frame.kind() == Frames.SETTLED) {
          settled.release();
        } else if (frame.kind() == Frames.SEEN) {
          boolean _ = seen.offer(frame);
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

  private void spool(PieceLog to, byte[] bytes) throws IOException {
    if (!spooled) {
      to.begin(logBytes);
      spooled = true;
    }
    to.write(bytes, bytes.length);
  }

  /// Starts a shell, for which the slot is used up. Its frames come from [#next].
  public void shell(Command command, Optional<Terminal.Size> size) throws SlotLostException {
    usable = false;
    live = Optional.empty();
    send(Frames.shell(command, size));
  }

  public synchronized void send(byte[] frame) throws SlotLostException {
    try {
      Frames.send(requests, frame);
    } catch (IOException e) {
      throw lost("does not listen");
    }
  }

  public Optional<Frames.Frame> next(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(replies.poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
  }

  /// Ends everything at once, also where somebody waits to send.
  public void kill() {
    link.kill();
    relaying.interrupt();
  }

  private SlotLostException lost(String what) {
    usable = false;
    String trouble = link.trouble();
    return new SlotLostException(
        "The runner of the sandbox failed: "
            + what
            + (trouble.isEmpty() ? "" : " (" + trouble + ")"));
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
      boolean leftNothing = in.readBoolean();
      long wall = in.readLong();
      long user = in.readLong();
      long system = in.readLong();
      long resident = in.readLong();
      long total = in.readLong();
      boolean spilled = in.readBoolean();
      CapturedLog log =
          spilled && spool.isPresent()
              ? spool.get().captured()
              : new CapturedLog(
                  total,
                  Math.max(1, command.logBytes()),
                  in.readAllBytes(),
                  spilled ? Optional.of(folder.resolve("log")) : Optional.empty(),
                  damaged);
      Optional<String> broken =
          over == 0 ? Optional.empty() : Optional.of(command.bounds().broken(over));
      return new Outcome(
          exitCode,
          signal,
          timedOut,
          outOfMemory,
          wall,
          user,
          system,
          resident,
          log,
          broken,
          leftNothing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
