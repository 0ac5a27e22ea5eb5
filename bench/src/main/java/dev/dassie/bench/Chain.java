package dev.dassie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// P7: a chain of 40 pipelines, each a datum that copies its input, from a put until the last
/// output is finished.
final class Chain implements Main.Benchmark {
  private static final int STAGES = 40;
  private static final int ROUNDS = 5;
  private static final double LIMIT_SECONDS = 2;

  @Override
  public List<Figure> run() throws Exception {
    List<Double> seconds = new ArrayList<>();
    try (RealServer server = RealServer.started();
        HttpClient http = HttpClient.newHttpClient()) {
      server.dassie("create", "repo", "stage0");
      StringBuilder specs = new StringBuilder();
      for (int stage = 1; stage <= STAGES; stage++) {
        specs.append(
            """
            pipeline: {name: stage%d}
            input: {pfs: {repo: stage%d, name: in, glob: "/*"}}
            transform: {cmd: [cp, /pfs/in/file, /pfs/out/file]}
            ---
            """
                .formatted(stage, stage - 1));
      }
      Path file = Files.writeString(server.folder().resolve("chain.yaml"), specs.toString());
      server.dassie("create", "pipeline", "-f", file.toString());
      put(server, http, "first");
      for (int round = 0; round < ROUNDS; round++) {
        seconds.add(put(server, http, "round " + round));
      }
    }
    double median = Medians.of(seconds);
    return List.of(
        new Figure(
            "P7",
            "40-task chain of no-ops, put to last output",
            median,
            "s",
            LIMIT_SECONDS,
            "≤ 2 s",
            median <= LIMIT_SECONDS));
  }

  private static double put(RealServer server, HttpClient http, String text)
      throws IOException, InterruptedException {
    String api = server.url() + "/api/v1/projects/default/repos/";
    long start = System.nanoTime();
    send(
        http,
        HttpRequest.newBuilder(URI.create(api + "stage0/commits/master/file?path=/file"))
            .PUT(HttpRequest.BodyPublishers.ofString(text)));
    String commit =
        send(
            http,
            HttpRequest.newBuilder(
                URI.create(api + "stage" + STAGES + "/commits/master/wait?timeout=60")));
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!commit.replace(" ", "").contains("\"state\":\"finished\"")) {
      throw new IllegalStateException("the last stage did not finish: " + commit);
    }
    String last =
        send(
            http,
            HttpRequest.newBuilder(
                URI.create(api + "stage" + STAGES + "/commits/master/file?path=/file")));
    if (!last.equals(text)) {
      throw new IllegalStateException("the last stage holds `" + last + "`");
    }
    return seconds;
  }

  private static String send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            request.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
    return response.body();
  }
}
