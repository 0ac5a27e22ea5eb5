package dev.dassie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// P10: `dassie list repo` as a whole process against a running server, and start to ready of the
/// server, both through the launcher.
final class StartUp implements Main.Benchmark {
  private static final int COMMANDS = 25;
  private static final int STARTS = 5;
  private static final double COMMAND_LIMIT = 0.15;
  private static final double SERVER_LIMIT = 2;

  @Override
  public List<Figure> run() throws Exception {
    double command = Medians.of(commands());
    double server = Medians.of(starts());
    return List.of(
        new Figure(
            "P10",
            "`dassie list repo`, whole process",
            command,
            "s",
            COMMAND_LIMIT,
            "≤ 0.15 s median of " + COMMANDS,
            command <= COMMAND_LIMIT),
        new Figure(
            "P10",
            "server, start to ready",
            server,
            "s",
            SERVER_LIMIT,
            "≤ 2 s median of " + STARTS,
            server <= SERVER_LIMIT));
  }

  private static List<Double> commands() throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    try (RealServer server = RealServer.started()) {
      for (int i = 0; i < 20; i++) {
        server.dassie("create", "repo", "repo" + i);
      }
      for (int i = 0; i < COMMANDS + 3; i++) {
        long start = System.nanoTime();
        String out = server.dassie("list", "repo");
        double taken = (System.nanoTime() - start) / 1e9;
        if (!out.contains("repo19")) {
          throw new IllegalStateException("the list lacks a repo: " + out);
        }
        if (i >= 3) {
          seconds.add(taken);
        }
      }
    }
    return seconds;
  }

  private static List<Double> starts() throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    try (RealServer server = new RealServer();
        HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < STARTS; i++) {
        long start = System.nanoTime();
        Process process =
            server
                .process(server.launcher().toString(), "server")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!ready(http, server) && process.isAlive()) {
          LockSupport.parkNanos(2_000_000);
        }
        seconds.add((System.nanoTime() - start) / 1e9);
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("the server did not end within 10 s of SIGTERM");
        }
      }
    }
    return seconds;
  }

  private static boolean ready(HttpClient http, RealServer server) {
    try {
      return http.send(
                  HttpRequest.newBuilder(URI.create(server.url() + "/readyz")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    } catch (IOException e) {
      return false;
    }
  }
}
