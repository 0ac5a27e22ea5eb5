package dev.dassie.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// Counts what code runs, from outside: each run of a datum says on a socket what it computes, and
/// waits until that is written down. What a job says of itself need not be believed then.
final class JobRuns implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// When each computation began, by its name, in nanoseconds.
  private final Map<String, List<Long>> began = new ConcurrentHashMap<>();

  JobRuns() throws IOException {
    Thread.ofVirtual().start(this::listen);
  }

  /// Shell that says `words` and waits until they are heard.
  String say(String words) {
    return "exec 3<>/dev/tcp/127.0.0.1/%d; echo \"%s\" >&3; read -r -u 3 heard; exec 3>&-"
        .formatted(socket.getLocalPort(), words);
  }

  /// Python that says what `words`, an expression, gives, and waits until it is heard.
  String sayInPython(String words) {
    return "import socket; c = socket.create_connection(('127.0.0.1', %d)); c.sendall((%s + '\\n').encode()); c.recv(9); c.close()"
        .formatted(socket.getLocalPort(), words);
  }

  /// Every computation that began more than once, with the times.
  Map<String, List<Long>> repeated() {
    Map<String, List<Long>> repeated = new TreeMap<>();
    began.forEach((name, times) -> {
      if (times.size() > 1) {
        repeated.put(name, times);
      }
    });
    return repeated;
  }

  int count() {
    return began.values().stream().mapToInt(List::size).sum();
  }

  private void listen() {
    while (!socket.isClosed()) {
      try {
        Socket one = socket.accept();
        Thread.ofVirtual().start(() -> hear(one));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          failures.add(e);
        }
      }
    }
  }

  private void hear(Socket one) {
    try (one;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(one.getInputStream(), StandardCharsets.UTF_8))) {
      String name = in.readLine();
      if (name != null) {
        began.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
        one.getOutputStream().write("heard\n".getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The code was killed in the middle: it has begun, or it has not been heard.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    if (!failures.isEmpty()) {
      throw new AssertionError("a run was not heard", failures.peek());
    }
  }
}
