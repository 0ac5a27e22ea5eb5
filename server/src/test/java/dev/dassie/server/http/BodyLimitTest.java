package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.TestServer;
import java.io.IOException;
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

/// Bodies that are larger than they may be, or end before they should: refused in a sentence, and
/// nothing is left.
class BodyLimitTest {
  private static final String REPO = "/api/v1/projects/default/repos/r";

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(folder, "--body-limit", "1MiB");
    server.post("/api/v1/projects/default/repos", "{\"name\":\"r\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String file(String branch) {
    return REPO + "/commits/" + branch + "/file?path=a";
  }

  /// The answer to a request that declares a length, sends a few bytes and then no more.
  private static String half(String target, String length) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      socket.setSoTimeout(30_000);
      String request =
          "PUT %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %s\r\n\r\nhalf of it"
              .formatted(target, length);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertNothingIsThere(String branch) throws Exception {
    assertThat(server.get(REPO + "/branches/" + branch).statusCode()).isEqualTo(404);
    assertThat(folder.resolve("store/tmp")).isEmptyDirectory();
  }

  @Test
  void aTerabyteThatIsDeclaredIsRefusedAtOnce() throws Exception {
    String answer = half(file("declared"), "1099511627776");

    assertThat(answer)
        .startsWith("HTTP/1.1 413 ")
        .contains("application/problem+json")
        .contains("The size of the body is `1099511627776 bytes`, expected at most 1048576 bytes.")
        .contains("`body_limit`");
    assertNothingIsThere("declared");
  }

  @Test
  void moreThanIsAllowedIsRefusedThoughNothingWasDeclared() throws Exception {
    HttpResponse<String> answer =
        server.send(
            server
                .request(file("chunked"))
                .PUT(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[3 << 20]))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("expected at most 1048576 bytes.");
    assertNothingIsThere("chunked");
  }

  @Test
  void whatIsAllowedIsTaken() throws Exception {
    assertThat(server.put(file("allowed"), "x".repeat(1 << 20)).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatEndsEarlyIsRefusedAndNothingIsLeft() throws Exception {
    String answer = half(file("early"), "1000000");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("The body is `cut off after 10 bytes`, expected 1000000 bytes.");
    assertNothingIsThere("early");
  }
}
