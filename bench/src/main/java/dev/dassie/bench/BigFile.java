package dev.dassie.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// P1: one incompressible file of 2 GiB, put and got by the command line, against a plain Java loop
/// that reads, hashes, writes and syncs, and by other programs; runs side by side, the median of
/// their ratios of speed.
final class BigFile implements Main.Benchmark {
  private static final double PUT = 0.6;
  private static final double GET = 0.8;

  private final int mebibytes;
  private final int rounds;
  private final boolean peers;

  BigFile(int mebibytes, int rounds, boolean peers) {
    this.mebibytes = mebibytes;
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
    List<Double> loops = new ArrayList<>();
    List<Double> puts = new ArrayList<>();
    List<Double> gets = new ArrayList<>();
    List<Double> putRatios = new ArrayList<>();
    List<Double> getRatios = new ArrayList<>();
    Map<String, List<Double>> others = new LinkedHashMap<>();
    List<Figure> figures = new ArrayList<>();
    server.dassie("create", "repo", "big");
    Path source = server.folder().resolve("source.bin");
    for (int round = 0; round < rounds; round++) {
      Trees.writeFile(source, mebibytes, -1, 100 + round);
      Path copy = server.folder().resolve("copy.bin");
      Timing plain = server.java(PlainCopy.class, source.toString(), copy.toString());
      Files.delete(copy);
      double loop = plain.wall();
      Timing put = server.timed("put", "file", "big@master:/f" + round, "-f", source.toString());
      Path got = server.folder().resolve("got.bin");
      Timing get = server.timed("get", "file", "big@master:/f" + round, "-o", got.toString());
      if (Files.mismatch(source, got) >= 0) {
        throw new IllegalStateException("what was got is not what was put");
      }
      Files.delete(got);
      loops.add(mebibytes / loop);
      puts.add(mebibytes / put.wall());
      gets.add(mebibytes / get.wall());
      putRatios.add(loop / put.wall());
      getRatios.add(loop / get.wall());
      Main.say(
          "P1 round %d: loop %.2f s (%.2f s of CPU), put %.2f s (%.2f), get %.2f s (%.2f)",
          round, loop, plain.cpu(), put.wall(), put.cpu(), get.wall(), get.cpu());
      if (peers) {
        Path folder = Files.createDirectory(server.folder().resolve("peers" + round));
        new Peers(folder, source, put.wall())
            .first(List.of("borg", "restic"))
            .forEach((name, seconds) ->
                others.computeIfAbsent(name, _ -> new ArrayList<>()).add(seconds / put.wall()));
        Trees.delete(folder);
      }
    }
    double peer = Medians.of(loops);
    figures.add(figure("put", Medians.of(puts), peer, Medians.of(putRatios), PUT));
    figures.add(figure("get", Medians.of(gets), peer, Medians.of(getRatios), GET));
    others.forEach((name, ratios) -> figures.add(against(name, Medians.of(puts), ratios)));
    return figures;
  }

  private static Figure against(String name, double ours, List<Double> ratios) {
    double ratio = Medians.of(ratios);
    return new Figure(
        "P1",
        "put against " + name,
        ours,
        "MiB/s",
        ours / ratio,
        "ahead of it (median ratio of %d)".formatted(ratios.size()),
        ratio > 1);
  }

  private Figure figure(String verb, double ours, double loop, double ratio, double rule) {
    return new Figure(
        "P1",
        "%s %d MiB, one file".formatted(verb, mebibytes),
        ours,
        "MiB/s",
        loop,
        "≥ %.1f × the plain loop (median ratio %.2f of %d)".formatted(rule, ratio, rounds),
        ratio >= rule);
  }
}
