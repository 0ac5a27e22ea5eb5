package dev.dassie.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The HTTP client of Dassie. Blocking, at constant memory, for any number of threads.
///
/// Every writing call carries an idempotency key; when the connection breaks before the reply is
/// there, the call is sent once more with the same key, so a lost reply never makes two commits.
/// [#close] must run before the process ends: a selector left waiting delays the end of the JVM by
/// 0.3 s.
public final class Client implements AutoCloseable {
  private static final String BUFFER_PROPERTY = "jdk.httpclient.bufsize";
  private static final String BASE = "/api/v1";
  private static final int ERROR_BYTES_MAX = 4 << 20;

  /// Bytes that the HTTP client moves at a time; with its own 16 KiB a download costs twice the
  /// CPU.
  private static final String BUFFER = Integer.toString(1 << 17);

  static {
    if (System.getProperty(BUFFER_PROPERTY) == null) {
      System.setProperty(BUFFER_PROPERTY, BUFFER);
    }
  }

  private final URI server;
  private final Identity identity;
  private final HttpClient http;

  /// Who calls.
  ///
  /// @param principal claimed while access control is off, `local:<os user>`; visible ASCII only
  /// @param token sent as a bearer token where there is one
  public record Identity(String principal, Optional<String> token) {}

  /// A client of the server at this URL (scheme, host, port, and a path where a proxy adds one).
  /// Opens no connection.
  ///
  /// @throws ProblemException when the URL is not `http` or `https`
  public Client(URI server, Identity identity) {
    if (server.getHost() == null
        || !("http".equals(server.getScheme()) || "https".equals(server.getScheme()))) {
      throw Problem.invalid(
              "The server's URL is `%s`, expected one such as `http://127.0.0.1:7340`."
                  .formatted(server))
          .asException();
    }
    this.server = server;
    this.identity = identity;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    if ("http".equals(server.getScheme())) {
      builder.sslContext(new PlainSockets());
    }
    this.http = builder.build();
  }

  public URI server() {
    return server;
  }

  /// Makes the call and reads the reply whole; a reply without a body is an empty object.
  ///
  /// @throws ProblemException when the server refuses or cannot be reached
  /// @throws IOException when the body breaks off in the middle
  public JsonNode json(Request request) throws IOException, InterruptedException {
    return call(request.header("Accept", "application/json"), Client::wholeJson);
  }

  /// Makes the call and answers as soon as the head of the reply is there.
  public Reply open(Request request) throws IOException, InterruptedException {
    return call(request, reply -> reply);
  }

  /// A list, streamed whole.
  public Lines lines(Request request) throws IOException, InterruptedException {
    return new Lines(open(request.header("Accept", "application/x-ndjson")));
  }

  /// Whether the server answers that it serves; false too when nothing listens there.
  public boolean ready() throws InterruptedException {
    HttpRequest probe =
        HttpRequest.newBuilder(URI.create(root() + "/readyz"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  private interface Reading<T> {
    T read(Reply reply) throws IOException;
  }

  private <T> T call(Request request, Reading<T> reading) throws IOException, InterruptedException {
    String key = UUID.randomUUID().toString();
    boolean repeatable = request.body().map(Upload::repeatable).orElse(true);
    try {
      return once(request, key, reading);
    } catch (Sending.LocalException local) {
      throw local.reason();
    } catch (IOException lost) {
      if (!repeatable || lost instanceof HttpTimeoutException) {
        throw broken(request, lost);
      }
    }
    try {
      return once(request, key, reading);
    } catch (Sending.LocalException local) {
      throw local.reason();
    } catch (IOException lostAgain) {
      throw broken(request, lostAgain);
    }
  }

  private <T> T once(Request request, String key, Reading<T> reading)
      throws IOException, InterruptedException {
    Sending sending = new Sending(request.body());
    HttpResponse<InputStream> response;
    try {
      response = http.send(built(request, key, sending), HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException | UnresolvedAddressException e) {
      throw unreachable();
    } catch (IOException | UncheckedIOException e) {
      sending.check();
      throw e instanceof IOException io ? io : new IOException(e);
    }
    Reply reply = new Reply(response.statusCode(), response.headers(), response.body());
    if (reply.status() >= 400) {
      throw refusal(reply).asException();
    }
    return reading.read(reply);
  }

  private HttpRequest built(Request request, String key, Sending sending) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(root() + BASE + request.target()));
    request.timeout().ifPresent(builder::timeout);
    builder.header("Dassie-Principal", identity.principal());
    identity.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    if (request.writes()) {
      builder.header("Idempotency-Key", key);
    }
    request.headers().forEach(builder::setHeader);
    request.body().ifPresent(body -> builder.setHeader("Content-Type", body.contentType()));
    return builder.method(request.method(), sending.publisher()).build();
  }

  private String root() {
    String text = server.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static JsonNode wholeJson(Reply reply) throws IOException {
    byte[] bytes;
    try (InputStream body = reply.body()) {
      bytes = body.readAllBytes();
    }
    return bytes.length == 0 ? Json.object() : Json.parse(new ByteArrayInputStream(bytes));
  }

  private static Problem refusal(Reply reply) throws IOException {
    try (InputStream body = reply.body()) {
      byte[] bytes = body.readNBytes(ERROR_BYTES_MAX);
      boolean json = reply.headers().firstValue("Content-Type").orElse("").contains("json");
      return Problem.read(
          reply.status(),
          json && bytes.length > 0 ? Json.parse(new ByteArrayInputStream(bytes)) : Json.object());
    }
  }

  private ProblemException unreachable() {
    return Problem.of(
            Problem.UNREACHABLE,
            "No server answers at `%s`.".formatted(server),
            Optional.of("Start one with `dassie up`, or set `DASSIE_URL` to the one you mean."))
        .asException();
  }

  private ProblemException broken(Request request, IOException cause) {
    String what =
        cause instanceof HttpTimeoutException
            ? "did not answer in time"
            : "ended the connection before it answered";
    return Problem.of(
            Problem.UNAVAILABLE,
            "The server at `%s` %s to %s `%s`."
                .formatted(server, what, request.method(), request.path()),
            Optional.of("Its log says why; `dassie status` says whether it runs."))
        .asException();
  }
}
