package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a first job of 1,000,000 datums is planned, on a server with a heap of 1 GiB: from
/// `create pipeline` until the job knows how many datums it has. The job is stopped then.
final class Planning implements Main.Benchmark {
  private static final int FILES = 1_000_000;
  private static final int FILE_BYTES = 64;
  private static final double LIMIT_SECONDS = 60;
  private static final long LOOK_MILLIS = 100;
  private static final Pattern JOB = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f]{32})\"");

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started();
        Http http = new Http(server)) {
      server.dassie("create", "repo", "data");
      http.post(
          "data/commits/master/tar?path=/",
          out -> TarStream.write(out, 0, FILES, FILE_BYTES, FILES));
      Path spec =
          Files.writeString(
              server.folder().resolve("million.yaml"),
              """
              pipeline: {name: million}
              input: {pfs: {repo: data, glob: "/*/*"}}
              transform: {cmd: ["true"]}
              """);
      long start = System.nanoTime();
      server.dassie("create", "pipeline", "-f", spec.toString());
      String job = awaitPlan(server);
      double seconds = (System.nanoTime() - start) / 1e9;
      Matcher id = JOB.matcher(job);
      if (!id.find()) {
        throw new IllegalStateException("no job: " + job);
      }
      server.dassie("stop", "job", "million@" + id.group(1));
      return List.of(
          new Figure(
              "plan",
              "a first job of 1,000,000 datums, heap of 1 GiB",
              seconds,
              "s",
              LIMIT_SECONDS,
              "≤ 60 s",
              seconds <= LIMIT_SECONDS));
    }
  }

  private static String awaitPlan(RealServer server) throws IOException, InterruptedException {
    for (int look = 0; look < 10 * 60 * 10; look++) {
      String job = server.dassie("list", "job", "-p", "million", "-o", "json");
      if (job.replace(" ", "").contains("\"total\":" + FILES)) {
        return job;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    throw new IllegalStateException("the job was not planned in ten minutes");
  }
}
