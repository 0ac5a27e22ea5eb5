package dev.dassie.job.standing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/// One connection from outside to a process, copied both ways as it comes. Used by two threads, one
/// for each way; closed by any.
final class Passage implements AutoCloseable {
  private static final int BUFFER = 1 << 14;
  private static final int CONNECT_MILLIS = 2_000;

  /// How long a client that was answered for good has to close its end.
  private static final long PARTING_MILLIS = 10_000;

  private final Gate gate;
  private final Socket client;
  private Optional<Socket> process = Optional.empty();
  private boolean closed;

  /// Whether the client said something that the process has not answered.
  private boolean asked;

  /// Whether the process has said all.
  private boolean answered;

  /// Whether the client has.
  private boolean parted;

  private long last = System.nanoTime();
  private final HttpAnswers http = new HttpAnswers();

  Passage(Gate gate, Socket client) {
    this.gate = gate;
    this.client = client;
  }

  /// Whether the process owes an answer, or may be in the middle of one.
  synchronized boolean isBusy(long now, Duration quiet) {
    boolean owed =
        switch (http.owed()) {
          case YES -> true;
          case NO -> false;
          case UNKNOWN -> asked || now - last < quiet.toNanos();
        };
    return owed && !closed && !answered;
  }

  /// Waits for a process, and copies until both have said all.
  ///
  /// @param held the longest wait for a process
  void run(Duration held) {
    try {
      client.setTcpNoDelay(true);
      client.setKeepAlive(true);
      Optional<Socket> found = reach(System.nanoTime() + held.toNanos());
      if (found.isEmpty()) {
        return;
      }
      Socket to = found.get();
      Thread back = Thread.ofVirtual().name("passage-back").start(() -> answer(to));
      try {
        copy(client.getInputStream(), to.getOutputStream(), true);
        to.shutdownOutput();
      } catch (IOException e) {
        if (!isAnswered()) {
          close(); // the client is gone, or the process: so is what either had to say
        }
      }
      part();
      back.join();
    } catch (IOException e) {
      return; // the client went before it was served
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  /// A process that goes away between the two steps has not seen the connection: the next gets it.
  private Optional<Socket> reach(long deadline) throws IOException, InterruptedException {
    Optional<InetSocketAddress> at = gate.enter(this, deadline);
    while (at.isPresent()) {
      Socket socket = new Socket();
      try {
        socket.connect(at.get(), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        return keep(socket);
      } catch (IOException e) {
        socket.close();
        gate.stepBack(this);
        at = gate.enter(this, deadline);
      }
    }
    return Optional.empty();
  }

  private synchronized Optional<Socket> keep(Socket socket) throws IOException {
    if (closed) {
      socket.close();
      return Optional.empty();
    }
    last = System.nanoTime();
    process = Optional.of(socket);
    return process;
  }

  /// What the process has closed is closed at once, with a reset: else its port would be taken for
  /// another minute, and many programs could not listen on it again.
  private void answer(Socket from) {
    try {
      copy(from.getInputStream(), client.getOutputStream(), false);
      synchronized (this) {
        answered = true;
      }
      client.shutdownOutput();
      from.setSoLinger(true, 0);
      from.close();
      awaitParting();
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isAnswered() {
    return answered;
  }

  private synchronized void part() {
    parted = true;
    notifyAll();
  }

  private void awaitParting() throws InterruptedException {
    long until = System.nanoTime() + PARTING_MILLIS * 1_000_000;
    synchronized (this) {
      for (long left = PARTING_MILLIS; !parted && !closed && left > 0; ) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    }
    close();
  }

  private void copy(InputStream in, OutputStream out, boolean asking) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      synchronized (this) {
        asked = asking;
        last = System.nanoTime();
        if (asking) {
          http.asked(buffer, n);
        } else {
          http.said(buffer, n);
        }
      }
      out.write(buffer, 0, n);
    }
  }

  @Override
  public void close() {
    Optional<Socket> other;
    synchronized (this) {
      closed = true;
      notifyAll();
      other = process;
    }
    closeQuietly(client);
    other.ifPresent(Passage::closeQuietly);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      System.getLogger("dassie.job")
          .log(System.Logger.Level.DEBUG, "A connection was not closed in order", e);
    }
  }
}
