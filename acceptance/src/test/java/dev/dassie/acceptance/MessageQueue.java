package dev.dassie.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A queue of numbered messages, as a spout reads from: on one connection for as long as it lives
/// it asks for the next message (`next`) and says when it has committed it (`done N`). What nobody
/// said is given again. It counts the processes that ask, as the machine sees them.
final class MessageQueue implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final SortedSet<Integer> acknowledged = new TreeSet<>();
  private final String marker;
  private Optional<Throwable> failure = Optional.empty();
  private int connections;
  private int most;
  private int limit;

  /// @param marker a word of the command line of the processes that ask
  MessageQueue(String marker) throws IOException {
    this.marker = marker;
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return socket.getLocalPort();
  }

  /// Gives messages up to this number from now on.
  synchronized void offer(int upTo) {
    limit = upTo;
    notifyAll();
  }

  /// Waits until so many messages were said to be committed.
  synchronized void awaitAcknowledged(int count) throws InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (acknowledged.size() < count && failure.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "%d of %d messages after a minute".formatted(acknowledged.size(), count));
      }
      wait(left);
    }
  }

  synchronized SortedSet<Integer> acknowledged() {
    return new TreeSet<>(acknowledged);
  }

  /// How many processes asked.
  synchronized int connections() {
    return connections;
  }

  /// How many there were at once, at most, whenever one began.
  synchronized int most() {
    return most;
  }

  /// How many there are now, as the machine sees it.
  int processes() {
    return (int)
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").contains(marker))
            .count();
  }

  private void listen() {
    while (!socket.isClosed()) {
      try {
        Socket one = socket.accept();
        began();
        Thread.ofVirtual().start(() -> serve(one));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          fail(e);
        }
      }
    }
  }

  private synchronized void fail(Throwable problem) {
    failure = Optional.of(problem);
    notifyAll();
  }

  private synchronized void began() {
    connections++;
    most = Math.max(most, processes());
  }

  private void serve(Socket one) {
    try (one;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(one.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("done ")) {
          acknowledge(Integer.parseInt(line.substring(5)));
        } else {
          one.getOutputStream().write((next() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (InterruptedException e) {
      fail(e);
    } catch (IOException e) {
      return; // it was killed
    }
  }

  private synchronized void acknowledge(int message) {
    acknowledged.add(message);
    notifyAll();
  }

  private synchronized int next() throws InterruptedException {
    while (first() > limit && !socket.isClosed()) {
      wait(1_000);
    }
    return first();
  }

  private int first() {
    int message = 1;
    while (acknowledged.contains(message)) {
      message++;
    }
    return message;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    synchronized (this) {
      notifyAll();
      if (failure.isPresent()) {
        throw new AssertionError("a message was not given", failure.get());
      }
    }
  }
}
