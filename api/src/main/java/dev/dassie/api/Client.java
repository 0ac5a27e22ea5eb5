package dev.dassie.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
  private Optional<HttpClient> http = Optional.empty();

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
  }

  /// Made when first needed: most commands get by without it.
  private synchronized HttpClient http() {
    if (http.isEmpty()) {
      http = Optional.of(newHttpClient());
    }
    return http.get();
  }

  private HttpClient newHttpClient() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    if ("http".equals(server.getScheme())) {
      builder.sslContext(new PlainSockets());
    }
    return builder.build();
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
  public boolean ready() {
    Request probe = Request.get("/readyz").within(Duration.ofSeconds(5));
    try (Reply reply = ShortCall.make(URI.create(root() + probe.path()), probe, Map.of())) {
      return reply.status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    http.ifPresent(made -> {
      made.shutdownNow();
      made.close();
    });
  }

  private interface Reading<T> {
    T read(Reply reply) throws IOException;
  }

  private <T> T call(Request request, Reading<T> reading) throws IOException, InterruptedException {
    // None for a read: the first random number costs a short command a tenth of its time.
    String key = request.writes() ? UUID.randomUUID().toString() : "";
    boolean repeatable = request.body().map(Upload::repeatable).orElse(true);
    try {
      return once(request, key, reading);
    } catch (Sending.LocalException local) {
      throw local.reason();
    } catch (IOException lost) {
      if (!repeatable || timedOut(lost)) {
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
    Reply reply;
    try {
      URI uri = URI.create(root() + BASE + request.target());
      Map<String, String> headers = headers(request, key);
      reply =
          ShortCall.fits(request)
              ? ShortCall.make(uri, request, headers)
              : streamed(uri, request, headers);
    } catch (ConnectException
        | HttpConnectTimeoutException
        | UnknownHostException
        | UnresolvedAddressException e) {
      throw unreachable();
    }
    if (reply.status() >= 400) {
      throw refusal(reply).asException();
    }
    return reading.read(reply);
  }

  private Reply streamed(URI uri, Request request, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    request.timeout().ifPresent(builder::timeout);
    headers.forEach(builder::setHeader);
    Sending sending = new Sending(request.body());
    try {
      HttpResponse<InputStream> response =
          http()
              .send(
                  builder.method(request.method(), sending.publisher()).build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (ConnectException e) {
      throw e;
    } catch (IOException | UncheckedIOException e) {
      sending.check();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  private Map<String, String> headers(Request request, String key) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("Dassie-Principal", identity.principal());
    identity.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    if (request.writes()) {
      headers.put("Idempotency-Key", key);
    }
    headers.putAll(request.headers());
    request.body().ifPresent(body -> headers.put("Content-Type", body.contentType()));
    return headers;
  }

  private static boolean timedOut(IOException lost) {
    return lost instanceof HttpTimeoutException || lost instanceof SocketTimeoutException;
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
        timedOut(cause) ? "did not answer in time" : "ended the connection before it answered";
    return Problem.of(
            Problem.UNAVAILABLE,
            "The server at `%s` %s to %s `%s`."
                .formatted(server, what, request.method(), request.path()),
            Optional.of("Its log says why; `dassie status` says whether it runs."))
        .asException();
  }
}
