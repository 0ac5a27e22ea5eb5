package dev.dassie.server;

import dev.dassie.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A real server on a free port, and a client of it.
public final class TestServer implements AutoCloseable {
  private final Instance instance;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// @param options more of `dassie server`
  public TestServer(Path home, String... options) {
    List<String> all =
        new ArrayList<>(List.of("--port", "0", "--s3-port", "0", "--sandbox", "none"));
    all.addAll(List.of(options));
    Configuration configuration = Configuration.read(all, Map.of("DASSIE_HOME", home.toString()));
    instance = Instance.start(configuration, Home.open(configuration.home()), () -> {});
  }

  public URI uri() {
    return instance.uri();
  }

  public Instance instance() {
    return instance;
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(instance.uri() + path));
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public HttpResponse<InputStream> open(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> put(String path, String body)
      throws IOException, InterruptedException {
    return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  public HttpResponse<String> patch(String path, String body)
      throws IOException, InterruptedException {
    return send(request(path).method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  public static JsonNode json(HttpResponse<String> response) throws IOException {
    return Json.parse(response.body());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
    instance.close();
  }
}
