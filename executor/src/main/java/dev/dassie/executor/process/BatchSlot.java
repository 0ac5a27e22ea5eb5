package dev.dassie.executor.process;

import dev.dassie.executor.datum.Command;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.PieceLog;
import dev.dassie.executor.datum.Slot;
import dev.dassie.executor.datum.SlotLostException;
import dev.dassie.job.Written;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A slot whose program stays and asks for one datum after another (`datumBatching`), over a Unix
/// socket beside its inputs ([NextCall]). To run a command is to hand it over: the run ends when
/// the program asks again, or ends. Used by one thread at a time, but for [#close].
final class BatchSlot implements Slot {
  /// Where the program finds the socket.
  static final String VARIABLE = "DASSIE_NEXT";

  private static final String SOCKET = ".next";

  /// How long a program that has nothing to do is kept.
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final long DAYS = 36_500;

  private final Slot inner;
  private final PieceLog log;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ServerSocketChannel socket;

  /// The program, while it runs.
  private Optional<Thread> program = Optional.empty();

  /// The call that waits for an answer.
  private Optional<NextCall> waiting = Optional.empty();

  private long uses;

  /// Whether the program was told that there is nothing more to do.
  private boolean dismissed;

  private sealed interface Event {}

  private record Asked(NextCall call) implements Event {}

  private record Ended(Outcome outcome) implements Event {}

  private record Lost(SlotLostException why) implements Event {}

  BatchSlot(Slot inner, Path folder) throws IOException {
    this.inner = inner;
    this.log = new PieceLog(folder.resolve("piece"));
    Path place = inner.inputs().resolve(SOCKET);
    this.socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(place));
      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    Thread.ofVirtual().name("dassie-next").start(this::listen);
  }

  @Override
  public Layout layout() {
    return inner.layout();
  }

  @Override
  public Path inputs() {
    return inner.inputs();
  }

  @Override
  public Path out() {
    return inner.out();
  }

  @Override
  public boolean guardsInputs() {
    return inner.guardsInputs();
  }

  @Override
  public boolean usable() {
    return inner.usable();
  }

  @Override
  public void terminate() {
    inner.terminate();
  }

  @Override
  public Optional<Written> written() {
    return log.written();
  }

  @Override
  public void settle() throws InterruptedException {
    inner.settle();
  }

  @Override
  public Outcome run(Command command) throws InterruptedException, SlotLostException {
    long deadline =
        System.nanoTime()
            + command.timeout().map(Duration::toNanos).orElse(TimeUnit.DAYS.toNanos(DAYS));
    try {
      busy();
      log.begin(Math.max(1, command.logBytes()));
      long start = System.nanoTime();
      for (boolean handed = false; ; ) {
        if (waiting.isPresent() && !handed) {
          NextCall call = waiting.get();
          waiting = Optional.empty();
          handed = call.answer(command.variables());
        } else if (program.isEmpty()) {
          start(command);
        }
        Optional<Outcome> outcome = step(handed, start, deadline);
        if (outcome.isPresent()) {
          rest();
          return outcome.get();
        }
      }
    } catch (IOException e) {
      close();
      throw new SlotLostException("The datum could not be handed over: " + e.getMessage());
    } catch (InterruptedException | SlotLostException e) {
      close();
      throw e;
    }
  }

  /// Waits for what the program does next; nothing where it has only begun to wait for a datum.
  private Optional<Outcome> step(boolean handed, long start, long deadline)
      throws InterruptedException, SlotLostException {
    Event event = events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    long wall = (System.nanoTime() - start) / 1000;
    if (event == null) {
      close();
      return Optional.of(outcome(128 + 9, 9, true, wall, Optional.empty()));
    }
    switch (event) {
      case Asked asked -> {
        waiting = Optional.of(asked.call());
        if (!handed) {
          return Optional.empty();
        }
        inner.settle();
        Optional<String> error = asked.call().error();
        return Optional.of(outcome(error.isPresent() ? 1 : 0, 0, false, wall, error));
      }
      case Ended ended -> {
        program = Optional.empty();
        if (dismissed && !handed) {
          dismissed = false;
          return Optional.empty();
        }
        Outcome end = ended.outcome();
        String when =
            handed ? "before it asked for the next datum." : "without asking for a datum.";
        Optional<String> error =
            end.error()
                .or(() ->
                    end.signal() == 0
                        ? Optional.of(
                            "The code ended with exit code %d %s".formatted(end.exitCode(), when))
                        : Optional.empty());
        return Optional.of(outcome(end.exitCode(), end.signal(), false, wall, error));
      }
      case Lost lost -> throw lost.why();
    }
  }

  private Outcome outcome(
      int exitCode, int signal, boolean timedOut, long wall, Optional<String> error) {
    return new Outcome(
        exitCode, signal, timedOut, false, wall, 0, 0, 0, log.captured(), error, false);
  }

  private void start(Command command) {
    Map<String, String> variables = new LinkedHashMap<>(command.variables());
    variables.put(VARIABLE, inner.layout().pfs() + "/" + SOCKET);
    Command first =
        new Command(
            command.arguments(),
            variables,
            command.folder(),
            command.stdin(),
            Optional.empty(),
            command.logBytes(),
            command.bounds(),
            Optional.of(log));
    program =
        Optional.of(
            Thread.ofVirtual()
                .name("dassie-batch")
                .start(() -> {
                  try {
                    events.add(new Ended(inner.run(first)));
                  } catch (SlotLostException e) {
                    events.add(new Lost(e));
                  } catch (InterruptedException | RuntimeException e) {
                    events.add(new Lost(new SlotLostException("The program was ended: " + e)));
                  }
                }));
  }

  private void listen() {
    try {
      while (socket.isOpen()) {
        SocketChannel client = socket.accept();
        NextCall.read(client).ifPresent(call -> events.add(new Asked(call)));
      }
    } catch (IOException e) {
      return; // the slot is closed
    }
  }

  private synchronized void busy() {
    uses++;
  }

  /// Lets the program go when nothing comes for a while.
  private synchronized void rest() {
    long at = uses;
    Thread.ofVirtual()
        .name("dassie-idle")
        .start(() -> {
          try {
            awaitUse(at);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    notifyAll();
  }

  private synchronized void awaitUse(long at) throws InterruptedException {
    long until = System.nanoTime() + IDLE.toNanos();
    for (long left = IDLE.toMillis(); uses == at && left > 0 && socket.isOpen(); ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    if (uses == at && waiting.isPresent()) {
      waiting.get().end();
      waiting = Optional.empty();
      dismissed = true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
      Files.deleteIfExists(inner.inputs().resolve(SOCKET));
      log.close();
    } catch (IOException e) {
      System.getLogger("dassie.executor").log(System.Logger.Level.DEBUG, "closing a slot", e);
    }
    synchronized (this) {
      uses++;
      notifyAll();
    }
    program.ifPresent(Thread::interrupt);
    inner.close();
  }
}
