package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// P12: in a job of 100,000 datums, each a `cp` that the process executor ran: why one file is
/// there, and what was made from one input; over HTTP on an open connection, the median. Each
/// question is about another file. Behind it stands a second stage, so that the answers go through
/// two jobs.
final class Questions implements Main.Benchmark {
  private static final int DATUMS = Integer.getInteger("questions", 100_000);
  private static final int FILE_BYTES = 64;
  private static final int WARM = 20;
  private static final int ROUNDS = 101;
  private static final double WHY_MILLIS = 50;
  private static final double IMPACT_MILLIS = 100;

  private final List<String> rows = new ArrayList<>();

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started();
        Http http = new Http(server)) {
      server.dassie("create", "repo", "data");
      http.post(
          "data/commits/master/tar?path=/",
          out -> TarStream.write(out, 0, DATUMS, FILE_BYTES, DATUMS));
      Path spec =
          Files.writeString(
              server.folder().resolve("copies.yaml"),
              """
              pipeline: {name: copies}
              input: {pfs: {repo: data, name: in, glob: "/*/*"}}
              transform: {cmd: [cp, -r, /pfs/in/., /pfs/out]}
              parallelismSpec: {constant: 2}
              ---
              pipeline: {name: folders}
              input: {pfs: {repo: copies, name: in, glob: "/*/"}}
              transform: {cmd: [sh, -c, "for d in /pfs/in/*; do ls $d > /pfs/out/$(basename $d); done"]}
              """);
      long start = System.nanoTime();
      server.dassie("create", "pipeline", "-f", spec.toString());
      server.dassie("wait", "commit", "folders@master");
      rows.add(
          "P12: %,d datums and a second stage in %.1f s"
              .formatted(DATUMS, (System.nanoTime() - start) / 1e9));
      Main.say("%s", rows.getLast());
      double why = median(http, "copies/commits/master/why?path=/", "\"kind\":\"put\"");
      double impact = median(http, "data/commits/master/impact?path=/", "\"folders\"");
      return List.of(
          new Figure(
              "P12",
              "why of one file, job of %,d datums".formatted(DATUMS),
              why,
              "ms",
              WHY_MILLIS,
              "≤ 50 ms",
              why <= WHY_MILLIS),
          new Figure(
              "P12",
              "impact of one input file, two stages",
              impact,
              "ms",
              IMPACT_MILLIS,
              "≤ 100 ms",
              impact <= IMPACT_MILLIS));
    }
  }

  private static double median(Http http, String question, String expected)
      throws IOException, InterruptedException {
    List<Double> taken = new ArrayList<>();
    for (int i = 0; i < WARM + ROUNDS; i++) {
      String path = question + Trees.path((int) (i * 7_919L % DATUMS));
      long start = System.nanoTime();
      String answer = http.get(path);
      double millis = (System.nanoTime() - start) / 1e6;
      if (!answer.replace(" ", "").contains(expected)) {
        throw new IllegalStateException(path + " answered " + answer);
      }
      if (i >= WARM) {
        taken.add(millis);
      }
    }
    return Medians.of(taken);
  }

  @Override
  public List<String> appendix() {
    return rows;
  }
}
