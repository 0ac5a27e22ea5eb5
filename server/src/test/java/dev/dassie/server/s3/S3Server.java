package dev.dassie.server.s3;

import dev.dassie.server.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// A real server, Amazon's client of it, and a client that signs by itself what no well-behaved one
/// sends.
final class S3Server implements AutoCloseable {
  static final String KEY = "ann";

  private final TestServer server;
  private final S3Client client;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  S3Server(Path home, String... options) {
    server = new TestServer(home, options);
    client = client(KEY, KEY);
  }

  S3Client client(String id, String secret) {
    return S3Client.builder()
        .endpointOverride(uri())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
        .build();
  }

  S3Presigner presigner() {
    return S3Presigner.builder()
        .endpointOverride(uri())
        .region(Region.US_EAST_1)
        .serviceConfiguration(
            software.amazon.awssdk.services.s3.S3Configuration.builder()
                .pathStyleAccessEnabled(true)
                .build())
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
        .build();
  }

  S3Client client() {
    return client;
  }

  TestServer server() {
    return server;
  }

  URI uri() {
    return server.instance().s3Uri();
  }

  /// Makes a bucket of that name, in which each write is a commit, and gives the name back.
  String bucket(String name) {
    client.createBucket(request -> request.bucket(name));
    String[] labels = name.split("\\.");
    String branch = "/api/v1/projects/default/repos/%s/branches/%s".formatted(labels[1], labels[0]);
    try {
      HttpResponse<String> set = server.put(branch, "{\"s3\":{\"commits\":\"each\"}}");
      if (set.statusCode() != 200) {
        throw new AssertionError(set.body());
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return name;
  }

  void put(String bucket, String key, String text) {
    client.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  String get(String bucket, String key) {
    return client.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asString(StandardCharsets.UTF_8);
  }

  /// Sends a request with these headers, signed.
  HttpResponse<String> send(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    return plain(
        method, path, new Signing(uri(), KEY, KEY).sign(method, path, headers, body), body);
  }

  HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
    return send(method, path, Map.of(), new byte[0]);
  }

  /// Sends a request as it is.
  HttpResponse<String> plain(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri() + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach((name, value) -> {
      if (!name.equalsIgnoreCase("host")) {
        request.header(name, value);
      }
    });
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.close();
    http.shutdownNow();
    server.close();
  }
}
