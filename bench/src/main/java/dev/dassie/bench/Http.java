package dev.dassie.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Calls of a server's API over connections that stay open.
final class Http implements AutoCloseable {
  private static final int BLOCK = 1 << 18;

  private final String api;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Http(RealServer server) {
    api = server.url() + "/api/v1/projects/default/repos/";
  }

  String get(String path) throws IOException, InterruptedException {
    return text(request(path).GET());
  }

  /// A reply.
  ///
  /// @param serverMillis what the server says that it needed (its header `Server-Timing`)
  record Timed(String body, double serverMillis) {}

  Timed put(String path, byte[] bytes) throws IOException, InterruptedException {
    HttpResponse<String> response =
        response(request(path).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    String timing = response.headers().firstValue("Server-Timing").orElseThrow();
    return new Timed(
        response.body(), Double.parseDouble(timing.substring(timing.indexOf("dur=") + 4)));
  }

  String post(String path, byte[] bytes) throws IOException, InterruptedException {
    return text(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
  }

  /// Sends a body that is made while it is sent.
  String post(String path, Producer producer) throws IOException {
    URL url = URI.create(api + path).toURL();
    if (!(url.openConnection() instanceof HttpURLConnection connection)) {
      throw new IllegalStateException("not HTTP: " + url);
    }
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(BLOCK);
    try (OutputStream out = new BufferedOutputStream(connection.getOutputStream(), BLOCK)) {
      producer.write(out);
    }
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(api + path)).timeout(Duration.ofMinutes(10));
  }

  private String text(HttpRequest.Builder request) throws IOException, InterruptedException {
    return response(request).body();
  }

  private HttpResponse<String> response(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
    return response;
  }

  @Override
  public void close() {
    client.close();
  }

  /// Writes a body.
  interface Producer {
    void write(OutputStream to) throws IOException;
  }
}
