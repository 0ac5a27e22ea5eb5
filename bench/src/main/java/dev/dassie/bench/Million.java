package dev.dassie.bench;

import java.util.ArrayList;
import java.util.List;

/// P3 and P4: a commit of one file, its diff and a listing in a repo of 1,000,000 files; with them
/// the cost curves at 10,000, 100,000 and 1,000,000 files.
final class Million implements Main.Benchmark {
  private static final int[] SIZES = {10_000, 100_000, 1_000_000};

  private final List<Curve> curves = new ArrayList<>();
  private final int checkouts;

  /// Repos of at most `checkouts` files are checked out: a million files take this disk long to
  /// write, and longer to delete.
  Million(int checkouts) {
    this.checkouts = checkouts;
  }

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started()) {
      return on(server);
    }
  }

  List<Figure> on(RealServer server) throws Exception {
    for (int files : SIZES) {
      Curve curve = Curve.measure(server, files, files <= checkouts);
      Main.say("%s", curve.row());
      curves.add(curve);
    }
    Curve small = curves.getFirst();
    Curve large = curves.getLast();
    double limit = 5 + 4 * large.fsync();
    double growth = large.commit() / small.commit();
    return List.of(
        new Figure(
            "P3",
            "commit one changed file of 1,000,000, p50, in the server (with HTTP %.2f ms)"
                .formatted(large.roundTrip()),
            large.commit(),
            "ms",
            limit,
            "≤ 5 ms + 4 × fsync (%.2f ms)".formatted(large.fsync()),
            large.commit() <= limit),
        new Figure(
            "P3",
            "the same against 10,000 files",
            large.commit(),
            "ms",
            small.commit(),
            "≤ 1.5 ×",
            growth <= 1.5),
        new Figure(
            "P3",
            "stored for it, packs and database",
            large.storedKib() * 1.024,
            "KB",
            60,
            "≤ 60 KB",
            large.storedKib() * 1.024 <= 60),
        new Figure("P4", "diff of it", large.diff(), "ms", 10, "≤ 10 ms", large.diff() <= 10),
        new Figure(
            "P4",
            "`list file` of a 1,000-entry directory in it",
            large.list(),
            "ms",
            10,
            "≤ 10 ms",
            large.list() <= 10));
  }

  @Override
  public List<String> appendix() {
    List<String> lines = new ArrayList<>();
    lines.add(Curve.header());
    curves.forEach(curve -> lines.add(curve.row()));
    return lines;
  }
}
