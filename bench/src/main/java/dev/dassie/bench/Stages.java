package dev.dassie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// P6: five pipelines in a row, each of as many datums as there are files; all are done, one file
/// is added, and the time from its put until the last output is finished is what one more file
/// costs. It holds the work of its five datums (a `cp` each), which the budget leaves out.
final class Stages implements Main.Benchmark {
  private static final int STAGES = 5;
  private static final int SMALL = 10_000;
  private static final int LARGE = 100_000;
  private static final int ROUNDS = 7;
  private static final int FILE_BYTES = 64;
  private static final double LIMIT_SECONDS = 2;
  private static final double GROWTH = 1.5;

  private final List<String> rows = new ArrayList<>();

  @Override
  public List<Figure> run() throws Exception {
    double small = seconds(SMALL);
    double large = seconds(LARGE);
    return List.of(
        new Figure(
            "P6",
            "5 stages, %,d datums each, one file added".formatted(LARGE),
            large,
            "s",
            LIMIT_SECONDS,
            "≤ 2 s, here with the datums' own work",
            large <= LIMIT_SECONDS),
        new Figure(
            "P6",
            "the same against %,d datums".formatted(SMALL),
            large,
            "s",
            small,
            "≤ 1.5 ×",
            large <= GROWTH * small));
  }

  private double seconds(int files) throws IOException, InterruptedException {
    try (RealServer server = RealServer.started();
        Http http = new Http(server)) {
      server.dassie("create", "repo", "stage0");
      http.post(
          "stage0/commits/master/tar?path=/",
          out -> TarStream.write(out, 0, files, FILE_BYTES, files));
      long start = System.nanoTime();
      server.dassie("create", "pipeline", "-f", specs(server).toString());
      awaitLast(http, files);
      double first = (System.nanoTime() - start) / 1e9;
      List<Double> taken = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        start = System.nanoTime();
        http.put(
            "stage0/commits/master/file?path=/new/f" + round,
            ("round " + round).getBytes(StandardCharsets.UTF_8));
        awaitLast(http, files + round + 1);
        taken.add((System.nanoTime() - start) / 1e9);
      }
      double median = Medians.of(taken);
      rows.add(
          "P6: %,d files: all %,d datums in %.1f s (%.0f a second), one more file %.3f s %s"
              .formatted(files, STAGES * files, first, STAGES * files / first, median, taken));
      Main.say("%s", rows.getLast());
      return median;
    }
  }

  private static Path specs(RealServer server) throws IOException {
    StringBuilder specs = new StringBuilder();
    for (int stage = 1; stage <= STAGES; stage++) {
      // The stage is in the environment, so that none reuses the results of another.
      specs.append(
          """
          pipeline: {name: stage%1$d}
          input: {pfs: {repo: stage%2$d, name: in, glob: "/*/*"}}
          transform: {cmd: [cp, -r, /pfs/in/., /pfs/out], env: {STAGE: "%1$d"}}
          parallelismSpec: {constant: 2}
          ---
          """
              .formatted(stage, stage - 1));
    }
    return Files.writeString(server.folder().resolve("stages.yaml"), specs.toString());
  }

  /// Waits for the last output, and holds that it has so many files.
  private static void awaitLast(Http http, int files) throws IOException, InterruptedException {
    String last = "stage" + STAGES + "/commits/master/wait?timeout=120";
    for (int patience = 0; patience < 30; patience++) {
      try {
        String commit = http.get(last).replace(" ", "");
        if (!commit.contains("\"state\":\"finished\"")
            || !commit.contains("\"files\":%d,".formatted(files))) {
          throw new IllegalStateException(
              "the last stage has not %d files: ".formatted(files) + commit);
        }
        return;
      } catch (IllegalStateException e) {
        if (!String.valueOf(e.getMessage()).startsWith("408")) {
          throw e;
        }
      }
    }
    throw new IllegalStateException("the stages did not end within an hour");
  }

  @Override
  public List<String> appendix() {
    return rows;
  }
}
