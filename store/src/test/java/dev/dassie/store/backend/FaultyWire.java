package dev.dassie.store.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A TCP proxy between a client and a server on this machine, which can cut its connections, refuse
/// new ones, or fall silent at a chosen word. Thread-safe.
public final class FaultyWire implements AutoCloseable {
  /// What becomes of a connection when the client has said the word.
  public enum Cut {
    /// The server does not get the word; both sides are cut.
    BEFORE,
    /// The server gets the word and its answer is lost; both sides are cut.
    AFTER,
    /// The server gets neither the word nor an end; the client is cut.
    SILENT
  }

  private record Trap(byte[] word, Cut cut) {}

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean refusing = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicReference<Trap> trap = new AtomicReference<>();

  public FaultyWire(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /// Connections so far.
  public int connections() {
    return connections.get();
  }

  /// Cuts all connections there are.
  public void cut() {
    sockets.forEach(FaultyWire::close);
  }

  /// From now on cuts new connections at once, or not.
  public void refuse(boolean now) {
    refusing.set(now);
  }

  /// The next time that a client sends the word, once.
  public void cutAt(String word, Cut cut) {
    trap.set(new Trap(word.getBytes(StandardCharsets.US_ASCII), cut));
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        if (refusing.get()) {
          client.close();
          continue;
        }
        connections.incrementAndGet();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        AtomicBoolean deaf = new AtomicBoolean();
        Thread.ofVirtual().start(() -> forward(client, server, deaf));
        Thread.ofVirtual().start(() -> backward(server, client, deaf));
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void forward(Socket client, Socket server, AtomicBoolean deaf) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        Trap now = trap.get();
        if (now == null || !contains(buffer, n, now.word()) || !trap.compareAndSet(now, null)) {
          out.write(buffer, 0, n);
          continue;
        }
        deaf.set(true);
        if (now.cut() == Cut.AFTER) {
          out.write(buffer, 0, n);
          out.flush();
          // The answer, which nobody gets: the server has done what it was told.
          server.shutdownOutput();
          return;
        }
        close(client);
        if (now.cut() == Cut.BEFORE) {
          close(server);
        }
        return;
      }
    } catch (IOException e) {
      // The end of a connection is what this class is for.
    }
    close(server);
  }

  private static void backward(Socket server, Socket client, AtomicBoolean deaf) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!deaf.get()) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // As above.
    }
    close(client);
  }

  private static boolean contains(byte[] buffer, int length, byte[] word) {
    return new String(buffer, 0, length, StandardCharsets.ISO_8859_1)
        .contains(new String(word, StandardCharsets.ISO_8859_1));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (SocketException e) {
      // Closed already.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
