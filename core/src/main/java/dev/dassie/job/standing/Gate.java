package dev.dassie.job.standing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// Where a process is reached from outside: a port of the server, whose connections go to the
/// process that has it now, byte for byte. While none has it they wait, so that nobody is refused
/// when one process follows another. Thread-safe.
final class Gate implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int MOST = 1_000;
  private static final int BACKLOG = 512;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration MOMENT = Duration.ofMillis(50);

  /// How long connections are waited for.
  ///
  /// @param held for a process that takes them
  /// @param draining until those of a process that goes are answered
  /// @param quiet a connection that does not speak HTTP, and on which nothing was said for so long
  ///   since the process said something, waits for nothing
  record Patience(Duration held, Duration draining, Duration quiet) {
    static final Patience USUAL =
        new Patience(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
  }

  private final String bind;
  private final int wanted;
  private final Patience patience;
  private final Semaphore places = new Semaphore(MOST);
  private final Thread thread;

  /// All connections that came and are not closed.
  private final Set<Passage> open = new HashSet<>();

  /// Those of them that have a process.
  private final Set<Passage> through = new HashSet<>();

  private Optional<InetSocketAddress> target = Optional.empty();
  private Optional<ServerSocket> listening = Optional.empty();
  private String trouble = "";
  private boolean closing;

  /// @param wanted 0 for any free port, which it keeps then
  Gate(String bind, int wanted, Patience patience) {
    this.bind = bind;
    this.wanted = wanted;
    this.patience = patience;
    this.thread = Thread.ofVirtual().name("gate-" + wanted).unstarted(this::work);
  }

  /// Tries to listen before it returns, and until it can from then on.
  void start() {
    try {
      listen(wanted);
    } catch (IOException e) {
      tell(wanted, e);
    }
    thread.start();
  }

  int wanted() {
    return wanted;
  }

  /// The port that it listens on, if it can.
  synchronized Optional<Integer> port() {
    return listening.map(ServerSocket::getLocalPort);
  }

  /// Why it does not listen, in a sentence.
  synchronized Optional<String> trouble() {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  /// Connections go to this address from now on, those that wait at once.
  synchronized void open(InetSocketAddress to) {
    target = Optional.of(to);
    notifyAll();
  }

  /// New connections wait from now on.
  synchronized void hold() {
    target = Optional.empty();
  }

  /// Waits until what was asked on connections is answered, not for ever. False where it was not.
  synchronized boolean drain() throws InterruptedException {
    long deadline = System.nanoTime() + patience.draining().toNanos();
    long now = System.nanoTime();
    while (busy(now) && now < deadline) {
      // Short, as a connection becomes quiet without a word.
      wait(Math.clamp((deadline - now) / 1_000_000, 1, MOMENT.toMillis()));
      now = System.nanoTime();
    }
    return !busy(now);
  }

  private boolean busy(long now) {
    return through.stream().anyMatch(passage -> passage.isBusy(now, patience.quiet()));
  }

  private void work() {
    int port = wanted;
    try {
      while (true) {
        try {
          ServerSocket socket = listen(port);
          port = socket.getLocalPort();
          take(socket);
        } catch (IOException e) {
          if (isClosing()) {
            return;
          }
          tell(port, e);
        }
        if (!pause()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized ServerSocket listen(int port) throws IOException {
    if (closing) {
      throw new IOException("it closes");
    }
    if (listening.filter(socket -> !socket.isClosed()).isEmpty()) {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      try {
        socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port), BACKLOG);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
      listening = Optional.of(socket);
    }
    trouble = "";
    return listening.get();
  }

  private void take(ServerSocket socket) throws IOException, InterruptedException {
    while (true) {
      places.acquire();
      boolean taken = false;
      try {
        Passage passage = new Passage(this, socket.accept());
        add(passage);
        Thread.ofVirtual().name("passage").start(() -> pass(passage));
        taken = true;
      } finally {
        if (!taken) {
          places.release();
        }
      }
    }
  }

  private synchronized void add(Passage passage) throws IOException {
    if (closing) {
      passage.close();
      throw new IOException("it closes");
    }
    open.add(passage);
  }

  private void pass(Passage passage) {
    try {
      passage.run(patience.held());
    } finally {
      synchronized (this) {
        open.remove(passage);
        through.remove(passage);
        notifyAll();
      }
      places.release();
    }
  }

  /// Waits for a process and counts the connection as its own; nothing where none came until then.
  synchronized Optional<InetSocketAddress> enter(Passage passage, long deadline)
      throws InterruptedException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    while (target.isEmpty() && !closing && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    if (target.isPresent() && !closing) {
      through.add(passage);
    }
    return closing ? Optional.empty() : target;
  }

  /// The process of a connection did not take it: it waits for the next, a moment at least.
  synchronized void stepBack(Passage passage) throws InterruptedException {
    through.remove(passage);
    notifyAll();
    long until = System.nanoTime() + MOMENT.toNanos();
    for (long left = MOMENT.toMillis(); !closing && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  private synchronized void tell(int port, IOException problem) {
    String before = trouble;
    trouble =
        "The port %d of `%s` cannot be listened on: %s."
            .formatted(port, bind, problem.getMessage());
    listening.filter(ServerSocket::isClosed).ifPresent(_ -> listening = Optional.empty());
    if (!before.equals(trouble)) {
      LOG.log(System.Logger.Level.WARNING, trouble);
    }
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private synchronized boolean pause() throws InterruptedException {
    long until = System.nanoTime() + RETRY.toNanos();
    for (long left = RETRY.toMillis(); !closing && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
    return !closing;
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() {
    List<Passage> ending;
    synchronized (this) {
      closing = true;
      notifyAll();
      ending = List.copyOf(open);
      listening.ifPresent(Gate::closeQuietly);
      listening = Optional.empty();
    }
    ending.forEach(Passage::close);
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A port was not closed in order", e);
    }
  }
}
