package dev.dassie.server.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Speaks HTTP by hand: sends what no library would.
final class RawClient {
  /// What counts as a hang.
  private static final int PATIENCE_MILLIS = 20_000;

  private RawClient() {}

  /// Sends a request line, headers and a body, and gives the whole reply.
  static String send(URI server, String line, Map<String, String> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(line).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Connection: close\r\nContent-Length: ").append(body.length).append("\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return send(server, all.toByteArray());
  }

  /// Sends bytes as they are and gives all that comes back; fails where nothing ends the reply.
  static String send(URI server, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(bytes);
        out.flush();
        socket.shutdownOutput();
      } catch (IOException e) {
        // The server has answered already and ended the connection.
      }
      ByteArrayOutputStream reply = new ByteArrayOutputStream();
      try {
        long _ = socket.getInputStream().transferTo(reply);
      } catch (SocketTimeoutException e) {
        throw new AssertionError("the server hangs after " + reply, e);
      } catch (IOException e) {
        // What came before the connection broke is the reply.
      }
      return reply.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
