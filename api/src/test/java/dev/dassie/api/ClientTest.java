package dev.dassie.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ClientTest {
  private static final Client.Identity IDENTITY =
      new Client.Identity("local:ann", Optional.of("secret"));
  private HttpServer server;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    client = new Client(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), IDENTITY);
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void aLostReplyIsAskedForOnceMoreWithTheSameKeyAndBody() throws Exception {
    List<String> keys = new CopyOnWriteArrayList<>();
    List<String> bodies = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          if (keys.size() == 1) {
            exchange.close();
          } else {
            answer(exchange, 200, "application/json", "{\"id\":\"c1\"}");
          }
        });

    JsonNode reply = client.json(Request.post("/commits").json(Json.object().put("branch", "b")));

    assertThat(reply.path("id").stringValue()).isEqualTo("c1");
    assertThat(keys).hasSize(2).doesNotContainNull();
    assertThat(keys.get(0)).isEqualTo(keys.get(1));
    assertThat(bodies).containsExactly("{\"branch\":\"b\"}", "{\"branch\":\"b\"}");
  }

  @Test
  void aBodyThatComesOnceIsNotSentAgain() {
    List<String> keys = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
          exchange.getRequestBody().readAllBytes();
          exchange.close();
        });
    Upload once = Upload.once("text/plain", "-", new ByteArrayInputStream(new byte[] {1, 2}));

    assertThatThrownBy(() -> client.json(Request.put("/file").upload(once)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("ended the connection before it answered to PUT `/file`");
    assertThat(keys).hasSize(1);
  }

  @Test
  void twoCallsCarryTwoKeys() throws Exception {
    List<String> keys = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
          answer(exchange, 200, "application/json", "{}");
        });

    client.json(Request.post("/a"));
    client.json(Request.post("/a"));

    assertThat(keys).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void aRefusalIsReadWithAllItsParts() {
    server.createContext(
        "/",
        exchange ->
            answer(
                exchange,
                400,
                "application/problem+json",
                """
                {"status":400,"detail":"Bad.","code":"invalid","hint":"Do.",
                 "problems":[{"line":3,"column":4,"message":"m","hint":"h"}]}\
                """));

    assertThatThrownBy(() -> client.json(Request.get("/x")))
        .extracting(e -> ((ProblemException) e).problem())
        .isEqualTo(
            new Problem(
                "invalid",
                400,
                "Bad.",
                Optional.of("Do."),
                List.of(new Problem.Detail(3, 4, "m", Optional.of("h")))));
  }

  @Test
  void anErrorPageOfAProxyBecomesASentence() {
    server.createContext("/", exchange -> answer(exchange, 503, "text/html", "<html>"));

    assertThatThrownBy(() -> client.json(Request.get("/x")))
        .hasMessage("The server answered with HTTP status `503`.")
        .extracting(e -> ((ProblemException) e).problem().code())
        .isEqualTo(Problem.UNAVAILABLE);
  }

  @Test
  void aListIsReadLineByLineAndARefusalWithinItIsThrown() throws Exception {
    server.createContext(
        "/",
        exchange ->
            answer(
                exchange,
                200,
                "application/x-ndjson",
                "{\"n\":1}\n\n{\"problem\":{\"status\":500,\"code\":\"corrupt\",\"detail\":\"Torn.\"}}\n"));

    try (Lines lines = client.lines(Request.get("/list"))) {
      assertThat(lines.next().orElseThrow().path("n").intValue()).isEqualTo(1);
      assertThatThrownBy(lines::next)
          .hasMessage("Torn.")
          .extracting(e -> ((ProblemException) e).problem().code())
          .isEqualTo("corrupt");
    }
  }

  @Test
  void noServerIsSaidWithHowToStartOne() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    try (Client lonely = new Client(URI.create("http://127.0.0.1:" + free), IDENTITY)) {
      assertThat(lonely.ready()).isFalse();
      assertThatThrownBy(() -> lonely.json(Request.get("/version")))
          .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
          .satisfies(e -> assertThat(e.problem().code()).isEqualTo(Problem.UNREACHABLE))
          .satisfies(e -> assertThat(e.problem().hint().orElseThrow()).contains("dassie up"));
    }
  }

  @Test
  void whoCallsAndWhatIsAskedTravelInTheRequest() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestURI().toString());
          seen.add(exchange.getRequestHeaders().getFirst("Dassie-Principal"));
          seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
          answer(exchange, 200, "application/json", "{}");
        });

    client.json(Request.get("/f").with("path", "/a b/ä?").flag("append", true).flag("no", false));

    assertThat(seen)
        .containsExactly(
            "/api/v1/f?path=%2Fa%20b%2F%C3%A4%3F&append=true", "local:ann", "Bearer secret");
  }

  @Test
  void aBodyThatCannotBeReadIsNotTakenForALostConnection() {
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer(exchange, 200, "application/json", "{}");
        });
    Upload missing =
        new Upload(
            "text/plain",
            OptionalLong.empty(),
            true,
            Optional.empty(),
            () -> {
              throw new NoSuchFileException("/none");
            });
    Upload refused =
        new Upload(
            "text/plain",
            OptionalLong.empty(),
            true,
            Optional.empty(),
            () ->
                new InputStream() {
                  @Override
                  public int read() {
                    throw Problem.invalid("No.").asException();
                  }

                  @Override
                  public int read(byte[] into, int offset, int length) {
                    return read();
                  }
                });

    assertThatThrownBy(() -> client.json(Request.put("/f").upload(missing)))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> client.json(Request.put("/f").upload(refused)))
        .isInstanceOf(ProblemException.class)
        .hasMessage("No.");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
