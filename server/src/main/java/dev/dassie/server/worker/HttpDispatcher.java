package dev.dassie.server.worker;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.worker.Dispatcher;
import dev.dassie.job.worker.Joining;
import dev.dassie.job.worker.Results;
import dev.dassie.job.worker.Terms;
import dev.dassie.job.worker.Work;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The server of a worker, over HTTP. Every call has a limit of time and every reply one of size; a
/// server that cannot be reached, or fails in a way that passes, is `Unavailable`. Nothing of what
/// is sent or received is logged. Thread-safe.
public final class HttpDispatcher implements Dispatcher, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int REPLY_MOST = 256 << 20;

  private final URI server;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /// @param server its URL, such as `http://127.0.0.1:7340`
  /// @param token shown with each call
  public HttpDispatcher(URI server, Optional<String> token) {
    String text = server.toString();
    if (server.getHost() == null
        || !("http".equals(server.getScheme()) || "https".equals(server.getScheme()))) {
      throw new Fault.Invalid("The server's URL", text, "one such as `http://127.0.0.1:7340`")
          .asException();
    }
    this.server = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    this.token = token;
  }

  /// What the server says of itself.
  ///
  /// @param store where its objects are: a folder, or the URL of an S3 store
  public record Entrance(
      String build, String executor, String sandbox, String store, String storeId) {}

  /// Asks what a worker must be like.
  public Entrance entrance() {
    JsonNode json = json(request("/worker-terms", PATIENCE).GET().build());
    return new Entrance(
        text(json, "build"),
        text(json, "executor"),
        text(json, "sandbox"),
        text(json, "store"),
        text(json, "store_id"));
  }

  @Override
  public Joined join(Joining said) {
    ObjectNode body =
        Json.object()
            .put("name", said.name())
            .put("build", said.build())
            .put("executor", said.executor())
            .put("sandbox", said.sandbox())
            .put("platform", said.platform())
            .put("store_id", said.store())
            .put("slots", said.slots());
    JsonNode json = json(post("/workers", Json.compact(body), PATIENCE));
    Terms terms =
        new Terms(
            seconds(json, "lease_s"),
            seconds(json, "beat_s"),
            seconds(json, "patience_s"),
            json.path("workers").asInt(1),
            json.path("slots").asInt(1));
    return new Joined(text(json, "id"), terms);
  }

  @Override
  public Optional<Work> claim(String worker, Duration wait) throws InterruptedException {
    HttpRequest request =
        request(
                "/workers/%s/claim?wait=%d".formatted(worker, wait.toSeconds()),
                wait.plus(PATIENCE))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    byte[] bytes = waiting(request);
    return bytes.length == 0 ? Optional.empty() : Optional.of(Work.decode(bytes));
  }

  @Override
  public List<Long> beat(String worker, List<Long> held, boolean leaving, Duration wait)
      throws InterruptedException {
    ObjectNode body = Json.object().put("leaving", leaving).put("wait_s", wait.toSeconds());
    ArrayNode leases = body.putArray("leases");
    held.forEach(leases::add);
    byte[] reply =
        waiting(post("/workers/" + worker + "/beat", Json.compact(body), wait.plus(PATIENCE)));
    List<Long> ended = new ArrayList<>();
    parse(reply).path("ended").forEach(lease -> ended.add(lease.asLong(-1)));
    return ended;
  }

  @Override
  public boolean report(String worker, long lease, Results results) {
    return json(bytes("/workers/%s/leases/%d/report".formatted(worker, lease), results.encode()))
        .path("goes")
        .asBoolean(false);
  }

  @Override
  public void leave(String worker) {
    byte[] _ = plain(request("/workers/" + worker, PATIENCE).DELETE().build());
  }

  @Override
  public List<Optional<String>> packs(String worker, List<Digest> chunks) {
    Encoder out = new Encoder().list(chunks, Encoder::digest);
    byte[] reply = plain(bytes("/workers/" + worker + "/chunks", out.toBytes()));
    return new Decoder("The places of chunks", reply).list(in -> in.optional(Decoder::string));
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  private HttpRequest.Builder request(String path, Duration limit) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(server + "/api/v1" + path)).timeout(limit);
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    return builder;
  }

  private HttpRequest post(String path, String json, Duration limit) {
    return request(path, limit)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private HttpRequest bytes(String path, byte[] body) {
    return request(path, PATIENCE)
        .header("Content-Type", "application/octet-stream")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private JsonNode json(HttpRequest request) {
    return parse(plain(request));
  }

  /// A call that does not wait for anything: nobody interrupts it on purpose.
  private byte[] plain(HttpRequest request) {
    try {
      return waiting(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DassieException(new Fault.Unavailable("The server", "the call was ended"), e);
    }
  }

  private byte[] waiting(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(REPLY_MOST + 1);
        if (bytes.length > REPLY_MOST) {
          throw new Fault.Invalid("The reply of the server", "larger", "at most 256 MiB")
              .asException();
        }
        if (response.statusCode() >= 400) {
          throw refusal(response.statusCode(), bytes);
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable("The server at `" + server + "`", reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private RuntimeException refusal(int status, byte[] body) {
    Problem problem;
    try {
      JsonNode json = body.length == 0 ? Json.object() : Json.parse(new ByteArrayInputStream(body));
      problem = Problem.read(status, json);
    } catch (IOException e) {
      problem = Problem.read(status, Json.object());
    }
    String detail = problem.detail();
    Fault fault =
        switch (problem.code()) {
          case "not_found" -> new Fault.NotFound("worker", "of this process", Optional.of(detail));
          case "denied" -> new Fault.Failed(detail, problem.hint());
          case "unavailable", "timed_out", "full" ->
              new Fault.Unavailable("The server at `" + server + "`", detail);
          default -> new Fault.Conflict(detail, problem.hint());
        };
    return fault.asException();
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return Json.parse(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new DassieException(new Fault.Unavailable("The server", "its reply is no JSON"), e);
    }
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }

  private static Duration seconds(JsonNode json, String name) {
    return Duration.ofSeconds(Math.clamp(json.path(name).asLong(5), 1, 3_600));
  }
}
