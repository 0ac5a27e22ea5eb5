package dev.dassie.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One HTTP connection of a client that does as little as it can: it writes bytes that were made
/// before, and counts what comes back.
final class ObjectConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int BLOCK = 1 << 18;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final byte[] block = new byte[BLOCK];

  ObjectConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
  }

  /// Makes a call and returns the bytes of the reply's body; the body itself goes into `to`.
  long call(ObjectCall call, byte[] body, OutputStream to) throws IOException {
    if (body.length > 0 && body.length < 1 << 16) {
      byte[] whole = new byte[call.head().length + body.length];
      System.arraycopy(call.head(), 0, whole, 0, call.head().length);
      System.arraycopy(body, 0, whole, call.head().length, body.length);
      out.write(whole);
    } else {
      out.write(call.head());
      out.write(body);
    }
    out.flush();
    String status = line();
    long length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).trim());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = true;
      }
    }
    long bytes = chunked ? chunks(to) : copy(length, to);
    if (!status.startsWith("HTTP/1.1 2")) {
      throw new IOException(
          status
              + " to "
              + new String(call.head(), StandardCharsets.UTF_8).lines().findFirst().orElse(""));
    }
    return bytes;
  }

  private long chunks(OutputStream to) throws IOException {
    long bytes = 0;
    for (int size = size(line()); size > 0; size = size(line())) {
      bytes += copy(size, to);
      String _ = line();
    }
    while (!line().isEmpty()) {
      // trailers
    }
    return bytes;
  }

  private static int size(String line) {
    return Integer.parseInt(line.split(";", 2)[0].trim(), 16);
  }

  private long copy(long length, OutputStream to) throws IOException {
    long left = length;
    while (left > 0) {
      int n = in.read(block, 0, (int) Math.min(left, block.length));
      if (n < 0) {
        throw new EOFException("the reply broke off");
      }
      to.write(block, 0, n);
      left -= n;
    }
    return length;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
