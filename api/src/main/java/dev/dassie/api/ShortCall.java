package dev.dassie.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One call with a small body or none, over the JDK's older HTTP client. A process that makes one
/// call needs a quarter of the processor time that it needs with the newer one, which starts
/// threads and a selector. It knows no `PATCH`, hears of a reply only when the body is sent, and
/// cannot be closed by one thread while another reads: so large bodies, and replies that are
/// followed, go the other way.
final class ShortCall {
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  private ShortCall() {}

  /// Whether a request may go this way.
  static boolean fits(Request request) {
    return !request.method().equals("PATCH")
        && request.timeout().isPresent()
        && request
            .body()
            .map(
                body -> body.repeatable() && body.length().orElse(Long.MAX_VALUE) <= BODY_BYTES_MAX)
            .orElse(true);
  }

  /// Makes the call and answers when the head of the reply is there. The time limit of the request
  /// holds for the head, and then for each piece of the body.
  ///
  /// @throws UnknownHostException, [java.net.ConnectException] or [HttpConnectTimeoutException]
  ///   where nothing answers there
  /// @throws SocketTimeoutException when the reply takes too long
  /// @throws Sending.LocalException when the body cannot be read
  static Reply make(URI uri, Request request, Map<String, String> headers) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(request.method());
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(Math.toIntExact(CONNECTING.toMillis()));
    request
        .timeout()
        .ifPresent(limit -> connection.setReadTimeout(Math.toIntExact(limit.toMillis())));
    connection.setRequestProperty("Accept", "*/*");
    headers.forEach(connection::setRequestProperty);
    if (request.body().isPresent()) {
      byte[] body = read(request.body().get());
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      connect(connection);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    } else {
      connect(connection);
    }
    int status = connection.getResponseCode();
    InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    return new Reply(
        status, headers(connection), body == null ? InputStream.nullInputStream() : body);
  }

  private static void connect(HttpURLConnection connection) throws IOException {
    try {
      connection.connect();
    } catch (SocketTimeoutException | NoRouteToHostException e) {
      HttpConnectTimeoutException unreachable = new HttpConnectTimeoutException(e.getMessage());
      unreachable.initCause(e);
      throw unreachable;
    }
  }

  private static byte[] read(Upload body) throws Sending.LocalException {
    try (InputStream bytes = body.opener().open()) {
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new Sending.LocalException(e);
    }
  }

  private static HttpHeaders headers(HttpURLConnection connection) {
    Map<String, List<String>> fields = new HashMap<>();
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null) {
            fields.put(name, new ArrayList<>(values));
          }
        });
    return HttpHeaders.of(fields, (name, value) -> true);
  }
}
