package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services, with the shipped programs and a real web server in Python.
class ServiceTest {
  /// Answers with the data; to `/slow` when the test lets it.
  private static final String PROGRAM =
      """
      import http.server, sys, urllib.request
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              if self.path == "/slow":
                  urllib.request.urlopen("http://127.0.0.1:" + sys.argv[2]).read()
              self.send_response(200)
              self.end_headers()
              self.wfile.write(open("/pfs/data/text", "rb").read())
          def log_message(self, *words):
              pass
      http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
      """;

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Holds requests up until the test lets them go.
  private static final class Barrier implements AutoCloseable {
    final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Barrier() throws IOException {}

    /// Waits for a request, and answers it when the returned action is run.
    Runnable caught() throws IOException {
      var caught = socket.accept();
      return () -> {
        try (caught) {
          caught
              .getOutputStream()
              .write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      };
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void service(Instance dassie, int inner, int outer, int barrier) throws Exception {
    Path _ = dassie.write("web/web.py", PROGRAM);
    Path _ =
        dassie.write(
            "web.yaml",
            """
            pipeline: {name: web}
            input: {pfs: {repo: data, glob: /}}
            service: {internalPort: %d, externalPort: %d}
            transform: {cmd: [python3, web.py, '%d', '%d'], source: ./web}
            """
                .formatted(inner, outer, inner, barrier));
    dassie.run("dassie create pipeline -f web.yaml").expect(0);
  }

  @Test
  void whileTheProcessIsReplacedNoRequestIsRefusedAndTheOneOnItsWayIsAnswered() throws Exception {
    int inner = freePort();
    int outer = freePort();
    try (Instance dassie = Instance.started(folder);
        Barrier barrier = new Barrier()) {
      dassie
          .run("dassie create repo data && echo old | dassie put file data@master:/text -f -")
          .expect(0);
      service(dassie, inner, outer, barrier.socket.getLocalPort());
      until(() -> get(outer, "/").equals("old\n"));
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger asked = new AtomicInteger();
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  assertThat(get(outer, "/")).isIn("old\n", "new\n");
                  int _ = asked.incrementAndGet();
                }
              },
              work -> Thread.ofVirtual().start(work));
      CompletableFuture<String> slow =
          CompletableFuture.supplyAsync(
              () -> get(outer, "/slow"), work -> Thread.ofVirtual().start(work));
      Runnable answer = barrier.caught();

      dassie.run("echo new | dassie put file data@master:/text -f -").expect(0);
      until(() -> dassie("dassie inspect pipeline web", dassie).contains("Process: starting"));
      assertThat(slow).isNotDone();
      answer.run();

      assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo("old\n");
      until(() -> get(outer, "/").equals("new\n"));
      over.set(true);
      asking.get(60, TimeUnit.SECONDS);
      assertThat(asked.get()).isPositive();
      assertThat(dassie.run("dassie list job").expect(0).lines()).hasSize(1);
    }
  }

  @Test
  void itIsStoppedStartedKilledWithTheServerAndDeleted() throws Exception {
    int inner = freePort();
    int outer = freePort();
    try (Instance dassie = Instance.started(folder)) {
      dassie.run("dassie create repo data").expect(0);
      service(dassie, inner, outer, 1);
      assertThat(dassie.run("dassie why web").out())
          .contains("`data@master` has no finished commit");
      dassie.run("echo old | dassie put file data@master:/text -f -").expect(0);
      until(() -> get(outer, "/").equals("old\n"));

      dassie.run("dassie stop pipeline web").expect(0);
      until(() -> isRefused(outer));
      dassie.run("dassie start pipeline web").expect(0);
      until(() -> !isRefused(outer) && get(outer, "/").equals("old\n"));

      dassie.kill();
      until(() -> isRefused(outer) && isRefused(inner));
      dassie.run("dassie up").expect(0);
      until(() -> !isRefused(outer) && get(outer, "/").equals("old\n"));

      dassie.run("dassie delete pipeline web").expect(0);
      until(() -> isRefused(outer) && isRefused(inner));
    }
  }

  @Test
  void aPortThatIsTakenIsSaidAndTakenOverWhenItIsFree() throws Exception {
    int inner = freePort();
    try (Instance dassie = Instance.started(folder);
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int outer = other.getLocalPort();
      dassie
          .run("dassie create repo data && echo old | dassie put file data@master:/text -f -")
          .expect(0);
      service(dassie, inner, outer, 1);

      until(() -> dassie("dassie inspect pipeline web", dassie).contains("State: failing"));
      assertThat(dassie.run("dassie inspect pipeline web").out())
          .contains("The port " + outer + " of `127.0.0.1` cannot be listened on");
      assertThat(dassie.run("dassie why web").out()).contains("cannot be listened on");
      other.close();
      until(() -> get(outer, "/").equals("old\n"));
    }
  }

  @Test
  void aSpoutIsReachedFromOutsideAndCommitsWhatItHears() throws Exception {
    int inner = freePort();
    int outer = freePort();
    try (Instance dassie = Instance.started(folder)) {
      Path _ =
          dassie.write(
              "intake/intake.py",
              """
              import http.server, os, sys, urllib.request
              files = os.environ["DASSIE_URL"] + "/api/v1/projects/default/repos/intake/commits/master/file?path="
              class Handler(http.server.BaseHTTPRequestHandler):
                  def do_PUT(self):
                      body = self.rfile.read(int(self.headers["Content-Length"]))
                      put = urllib.request.Request(files + self.path, body, method="PUT")
                      put.add_header("Authorization", "Bearer " + os.environ["DASSIE_TOKEN"])
                      urllib.request.urlopen(put).read()
                      self.send_response(204)
                      self.end_headers()
              http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
              """);
      Path _ =
          dassie.write(
              "intake.yaml",
              """
              pipeline: {name: intake}
              spout: {service: {internalPort: %d, externalPort: %d}}
              transform: {cmd: [python3, intake.py, '%d'], source: ./intake}
              """
                  .formatted(inner, outer, inner));
      dassie.run("dassie create pipeline -f intake.yaml").expect(0);
      until(() -> !isRefused(outer));

      HttpRequest put =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + outer + "/a"))
              .timeout(Duration.ofSeconds(60))
              .PUT(HttpRequest.BodyPublishers.ofString("heard"))
              .build();
      assertThat(http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(204);

      assertThat(dassie.run("dassie get file intake@master:/a").expect(0).out()).isEqualTo("heard");
    }
  }

  private static String dassie(String command, Instance dassie) {
    try {
      return dassie.run(command).expect(0).out();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A refusal is none of the answers; whatever else goes wrong fails the test.
  private String get(int port, String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(60))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (ConnectException e) {
      return "refused";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isRefused(int port) {
    try (var _ = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
