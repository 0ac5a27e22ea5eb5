package dev.dassie.executor.container;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP/1.1 over a Unix socket: a connection for each call, on a thread of its own, so that a call
/// can be given up and an interrupt ends the wait alone. Thread-safe.
final class EngineSocket {
  private static final int MAX_HEAD = 64 << 10;

  private final Path socket;

  EngineSocket(Path socket) {
    this.socket = socket;
  }

  /// A call.
  ///
  /// @param target path and query
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    static Request of(String method, String target) {
      return new Request(method, target, Map.of(), new byte[0]);
    }

    static Request json(String method, String target, String json) {
      return new Request(
          method,
          target,
          Map.of("Content-Type", "application/json"),
          json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Takes an answer.
  interface Reader<T> {
    T read(int status, InputStream body) throws IOException;
  }

  /// Where it is.
  Path path() {
    return socket;
  }

  /// Makes a call.
  ///
  /// @throws EngineAbsentException where nobody answers, or not in time
  /// @throws EngineException from the reader
  <T> T call(Request request, Reader<T> reader, Duration atMost)
      throws IOException, InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Thread.ofVirtual()
          .name("dassie-engine")
          .start(() -> {
            try {
              answer.complete(exchange(channel, request, reader));
            } catch (EngineException e) {
              answer.completeExceptionally(e);
            } catch (IOException e) {
              answer.completeExceptionally(new EngineAbsentException(sentence(e)));
            } catch (RuntimeException e) {
              answer.completeExceptionally(e);
            }
          });
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EngineAbsentException(
          "it did not answer `%s %s` within %d s"
              .formatted(request.method(), request.target(), atMost.toSeconds()));
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static String sentence(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private <T> T exchange(SocketChannel channel, Request request, Reader<T> reader)
      throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
    OutputStream out = Channels.newOutputStream(channel);
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    head.append("Host: engine\r\nConnection: close\r\n");
    request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: ").append(request.body().length).append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(request.body());
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
    String status = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      if (headers.size() > 1000) {
        throw new IOException("it answered with more than 1,000 headers");
      }
    }
    return reader.read(code(status), body(in, headers));
  }

  private static int code(String status) throws IOException {
    if (!status.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException("it does not speak HTTP");
    }
    return Integer.parseInt(status.substring(9, 12));
  }

  private static InputStream body(InputStream in, Map<String, String> headers) throws IOException {
    String encoding = Optional.ofNullable(headers.get("transfer-encoding")).orElse("");
    if (encoding.equalsIgnoreCase("chunked")) {
      return new ChunkedBody(in);
    }
    String length = Optional.ofNullable(headers.get("content-length")).orElse("");
    if (!length.matches("[0-9]{1,18}")) {
      return in; // until the connection ends
    }
    return new LimitedBody(in, Long.parseLong(length));
  }

  /// A line of a head or before a chunk.
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("it closed the connection");
      }
      if (line.size() >= MAX_HEAD) {
        throw new IOException("it answered with a line of more than 64 KiB");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
