package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoorTest {
  @TempDir static Path home;
  static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Sends bytes as they are and reads the reply to the end of the connection.
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
    }
  }

  private static String get(String target, String headers) throws IOException {
    return raw("GET " + target + " HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n");
  }

  @Test
  void probesAnswer() throws Exception {
    assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void wholeRepliesSayWhatTheServerNeeded() throws Exception {
    HttpResponse<String> version = server.get("/api/v1/version");

    assertThat(version.headers().firstValue("Server-Timing").orElseThrow())
        .matches("total;dur=[0-9]+\\.[0-9]{3}");
  }

  @Test
  void metricsCountRequestsByRouteAndStatus() throws Exception {
    server.get("/api/v1/version");

    assertThat(server.get("/metrics").body())
        .contains("route=\"/api/v1/version\",status=\"200\"}")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void unknownPathIsAProblem() throws Exception {
    HttpResponse<String> reply = server.get("/api/v1/nothing");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = Json.parse(reply.body());
    assertThat(problem.path("code").stringValue()).isEqualTo("not_found");
    assertThat(problem.path("detail").stringValue())
        .isEqualTo("No page or call is named `/api/v1/nothing`.");
  }

  @Test
  void wrongMethodIsAProblemThatNamesTheRightOnes() throws Exception {
    HttpResponse<String> reply = server.post("/api/v1/version", "");

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void unknownQueryParameterIsRefused() throws Exception {
    HttpResponse<String> reply = server.get("/api/v1/version?x=1");

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("The query parameter is `x`, expected none here.");
  }

  @Test
  void badPercentEncodingIsRefused() throws Exception {
    assertThat(get("/api/v1/version?x=%zz", "Host: localhost\r\n")).startsWith("HTTP/1.1 400");
    assertThat(get("/api/v1/version?x=%ff", "Host: localhost\r\n")).startsWith("HTTP/1.1 400");
    assertThat(get("/api/v1/%zz", "Host: localhost\r\n")).startsWith("HTTP/1.1 4");
  }

  @Test
  void whatIsNotHttpIsAProblem() throws Exception {
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("problem+json");
  }

  @Test
  void headersOverTheLimitAreRefused() throws Exception {
    String reply = get("/healthz", "Host: localhost\r\nX: " + "x".repeat(40_000) + "\r\n");

    assertThat(reply).startsWith("HTTP/1.1 431").contains("problem+json");
  }

  @Test
  void foreignHostIsRefused() throws Exception {
    assertThat(get("/healthz", "Host: evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(get("/healthz", "Host: localhost:1\r\n")).startsWith("HTTP/1.1 200");
    assertThat(get("/healthz", "Host: [::1]:1\r\n")).startsWith("HTTP/1.1 200");
    assertThat(get("/healthz", "Host: 127.0.0.1.evil.example\r\n")).startsWith("HTTP/1.1 403");
  }

  @Test
  void writeFromAForeignPageIsRefused() throws Exception {
    HttpRequest.Builder request =
        server
            .request("/api/v1/projects")
            .header("Origin", "http://evil.example")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));

    assertThat(server.send(request).statusCode()).isEqualTo(403);
  }

  @Test
  void configurationIsShownWithItsSources() throws Exception {
    JsonNode config = Json.parse(server.get("/api/v1/config").body());

    assertThat(config.path("items").toString())
        .contains("\"source\":\"flag\"", "\"source\":\"environment DASSIE_HOME\"");
  }

  @Test
  void refusalReachesAClientThatIsStillSending() throws Exception {
    byte[] body = new byte[40 << 20];

    HttpResponse<String> reply =
        server.send(
            server
                .request("/api/v1/projects/default/repos/none/commits/master/file?path=a")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body)));

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.body()).contains("No repo is named `none`.");
  }

  @Test
  void uploadThatBreaksOffChangesNothing() throws Exception {
    server.post("/api/v1/projects/default/repos", "{\"name\":\"half\"}");
    String file = "/api/v1/projects/default/repos/half/commits/master/file?path=a";
    long before = server.get("/api/v1/feed").body().lines().count();
    for (String body :
        new String[] {
          "Content-Length: 1000\r\n\r\nhalf of it",
          "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        }) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write(TestServer.utf8("PUT " + file + " HTTP/1.1\r\nHost: localhost\r\n" + body));
        out.flush();
        socket.shutdownOutput();
        // The server ends the connection when it has noticed.
        byte[] rest = socket.getInputStream().readAllBytes();
        assertThat(new String(rest, StandardCharsets.UTF_8)).doesNotContain("200 OK");
      }
    }

    assertThat(server.get(file).statusCode()).isEqualTo(404);
    assertThat(server.get("/api/v1/feed").body().lines().count()).isEqualTo(before);
  }

  @Test
  void documentOverTheLimitIsRefused() throws Exception {
    String body = "{\"name\":\"" + "x".repeat(9 << 20) + "\"}";

    HttpResponse<String> reply = server.post("/api/v1/projects", body);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.body()).contains("a document of at most 8 MiB");
  }
}
