package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// P2 and P8: a tree of 100,000 files of 1 KiB put as one commit, and put again unchanged, against
/// `tar | tee | sha256sum` and a cold Java program that walks, reads and hashes the same tree;
/// pairs of runs on new bytes each, the median of their ratios.
final class ManyFiles implements Main.Benchmark {
  private static final int FILES = 100_000;
  private static final int SIZE = 1024;
  private static final double PUT = 1.6;
  private static final double AGAIN = 1.3;
  private static final List<String> PEERS =
      List.of("restic", "borg", "git", "git-annex", "dvc", "lakefs");

  private final int rounds;
  private final boolean peers;

  private final List<Double> puts = new ArrayList<>();
  private final List<Double> limits = new ArrayList<>();
  private final List<Double> putRatios = new ArrayList<>();
  private final List<Double> agains = new ArrayList<>();
  private final List<Double> colds = new ArrayList<>();
  private final List<Double> againRatios = new ArrayList<>();
  private double newBytes;

  ManyFiles(int rounds, boolean peers) {
    this.rounds = rounds;
    this.peers = peers;
  }

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started()) {
      return on(server);
    }
  }

  List<Figure> on(RealServer server) throws Exception {
    List<Figure> figures = new ArrayList<>();
    server.dassie("create", "repo", "many");
    Path tree = server.folder().resolve("tree");
    for (int round = 0; round < rounds; round++) {
      Trees.delete(tree);
      Trees.write(tree, FILES, SIZE, 200 + round);
      server.run("sync");
      round(server, tree, round);
    }
    figures.add(
        new Figure(
            "P2",
            "put a tree of 100,000 × 1 KiB, one commit",
            Medians.of(puts),
            "s",
            Medians.of(limits),
            "≤ 1.6 × the slower of `tar, tee, sha256sum` piped and a cold Java walk (median ratio %.2f of %d)"
                .formatted(Medians.of(putRatios), rounds),
            Medians.of(putRatios) <= PUT));
    figures.add(
        new Figure(
            "P8",
            "put the same tree again",
            Medians.of(agains),
            "s",
            Medians.of(colds),
            "≤ 1.3 × the cold Java walk (median ratio %.2f of %d)"
                .formatted(Medians.of(againRatios), rounds),
            Medians.of(againRatios) <= AGAIN));
    figures.add(new Figure("P8", "new data bytes of it", newBytes, "B", 0, "0", newBytes == 0));
    if (peers) {
      against(server, tree, figures);
    }
    return figures;
  }

  private void round(RealServer server, Path tree, int round)
      throws IOException, InterruptedException {
    Timing pipe =
        server.shell(
            "tar c -C \"$0\" . | tee piped.tar | sha256sum; rm piped.tar", tree.toString());
    Timing cold = server.java(ColdWalk.class, tree.toString());
    String[] command = {"put", "file", "-r", "many@master:/", "-f", tree.toString()};
    Timing put = server.timed(command);
    double before = server.dataBytes();
    Timing coldAgain = server.java(ColdWalk.class, tree.toString());
    Timing again = server.timed(command);
    newBytes = Math.max(newBytes, server.dataBytes() - before);
    String count = server.dassie("inspect", "commit", "many@master", "-o", "json");
    if (!count.replace(" ", "").contains("\"files\":" + FILES)) {
      throw new IllegalStateException("the commit does not have all files: " + count);
    }
    double limit = Math.max(pipe.wall(), cold.wall());
    puts.add(put.wall());
    limits.add(limit);
    putRatios.add(put.wall() / limit);
    agains.add(again.wall());
    colds.add(coldAgain.wall());
    againRatios.add(again.wall() / coldAgain.wall());
    Main.say(
        "P2 round %d: tar %.2f s (%.2f s of CPU), cold %.2f and %.2f s (%.2f), put %.2f s (%.2f), again %.2f s (%.2f)",
        round,
        pipe.wall(),
        pipe.cpu(),
        cold.wall(),
        coldAgain.wall(),
        cold.cpu(),
        put.wall(),
        put.cpu(),
        again.wall(),
        again.cpu());
  }

  private void against(RealServer server, Path tree, List<Figure> figures)
      throws IOException, InterruptedException {
    double ours = Medians.of(puts);
    Peers others = new Peers(server.folder(), tree, ours);
    compare("P2", "put", ours, others.first(PEERS), figures);
    compare("P8", "put again", Medians.of(agains), others.again(PEERS), figures);
  }

  private static void compare(
      String budget, String verb, double ours, Map<String, Double> others, List<Figure> figures) {
    others.forEach((name, seconds) -> {
      // Only the first put has to be ahead; the second is told.
      Optional<Boolean> met = budget.equals("P2") ? Optional.of(ours < seconds) : Optional.empty();
      figures.add(
          new Figure(
              budget,
              String.format(Locale.ROOT, "%s against %s", verb, name),
              ours,
              "s",
              seconds,
              met.isPresent() ? "ahead of it" : "told, no rule",
              met.orElse(true)));
    });
  }
}
