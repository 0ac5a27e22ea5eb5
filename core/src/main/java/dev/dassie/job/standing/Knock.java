package dev.dassie.job.standing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/// Finds out whether a program of this machine takes connections on a port.
final class Knock {
  private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");
  private static final int CONNECT_MILLIS = 1_000;

  private Knock() {}

  /// Where it does; nothing where none does.
  static Optional<InetSocketAddress> at(int port) {
    for (String loopback : LOOPBACKS) {
      InetSocketAddress address = new InetSocketAddress(loopback, port);
      if (answers(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false; // nobody is there, or not by this protocol
    }
  }
}
