package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// P5: 10,000 datums that do nothing, from `create pipeline` to the end of the job, against `xargs
/// -P2` that starts the same command 10,000 times. Rates are compared, the median of pairs of runs.
final class NoopDatums implements Main.Benchmark {
  private static final int DATUMS = 10_000;
  private static final int ROUNDS = 3;

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started()) {
      return on(server);
    }
  }

  List<Figure> on(RealServer server) throws Exception {
    List<Double> ratios = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    Path tree = Files.createDirectories(server.folder().resolve("datums"));
    for (int i = 0; i < DATUMS; i++) {
      Files.writeString(tree.resolve("f%05d".formatted(i)), "datum " + i + "\n");
    }
    server.dassie("create", "repo", "data");
    server.dassie("put", "file", "-r", "data@master:/", "-f", tree.toString());
    for (int round = 0; round < ROUNDS; round++) {
      double peer = DATUMS / xargs(server);
      double own = DATUMS / job(server, "noop" + round);
      peers.add(peer);
      ours.add(own);
      ratios.add(own / peer);
    }
    double ratio = Medians.of(ratios);
    return List.of(
        new Figure(
            "P5",
            "10,000 no-op datums, process executor",
            Medians.of(ours),
            "datums/s",
            Medians.of(peers),
            "≥ 0.7 × xargs -P2 (median ratio %.2f)".formatted(ratio),
            ratio >= 0.7));
  }

  private static double xargs(RealServer server) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = server.process("sh", "-c", "seq " + DATUMS + " | xargs -P2 -n1 true").start();
    process.waitFor(5, TimeUnit.MINUTES);
    return (System.nanoTime() - start) / 1e9;
  }

  /// Seconds from before the pipeline is made until its job has ended.
  private static double job(RealServer server, String name)
      throws IOException, InterruptedException {
    // The round's name is in the environment, so that no result of another round is reused.
    Path spec =
        Files.writeString(
            server.folder().resolve(name + ".yaml"),
            """
            pipeline: {name: %1$s}
            input: {pfs: {repo: data, glob: "/*"}}
            transform: {cmd: ["true"], env: {ROUND: %1$s}}
            parallelismSpec: {constant: 2}
            """
                .formatted(name));
    long start = System.nanoTime();
    server.dassie("create", "pipeline", "-f", spec.toString());
    server.dassie("wait", "commit", name + "@master");
    double seconds = (System.nanoTime() - start) / 1e9;
    String job = server.dassie("list", "job", "-p", name, "-o", "json");
    if (!job.replace(" ", "").contains("\"success\":" + DATUMS)) {
      throw new IllegalStateException("the job did not run " + DATUMS + " datums: " + job);
    }
    return seconds;
  }
}
