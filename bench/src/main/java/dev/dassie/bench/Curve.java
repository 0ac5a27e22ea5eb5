package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// What commands cost in a repo of some number of files of 1 KiB, 1,000 to a directory, measured
/// over HTTP on an open connection, medians in milliseconds.
///
/// @param commit put of one changed file as one commit, in the server
/// @param roundTrip the same with HTTP, as the client sees it
/// @param fsync of 4 KiB, in the same minute
/// @param storedKib what the store grew by for one commit, packs and database
/// @param diff of such a commit
/// @param list of one directory of 1,000 entries
/// @param glob of one directory of 1,000 entries by `/d0005/*`
/// @param scan glob that looks into every directory and matches one file of each
/// @param tar `get file -r` of everything as one tar, to nowhere, seconds
/// @param checkout `get file -r` of everything as files, seconds
record Curve(
    int files,
    double load,
    double loadSeconds,
    double commit,
    double roundTrip,
    double commitCpu,
    double fsync,
    double storedKib,
    double diff,
    double list,
    double glob,
    double scan,
    double tar,
    double checkout) {
  private static final int SIZE = 1024;
  private static final int WARM = 30;
  private static final int COMMITS = 301;
  private static final int READS = 31;

  static Curve measure(RealServer server, int files, boolean checkout)
      throws IOException, InterruptedException {
    String repo = "files" + files;
    server.dassie("create", "repo", repo);
    try (Http http = new Http(server)) {
      long start = System.nanoTime();
      // Several commits, as a data set grows; the last holds all.
      for (int from = 0; from < files; from += 250_000) {
        int first = from;
        int last = Math.min(files, from + 250_000);
        http.post(
            repo + "/commits/master/tar?path=/",
            out -> TarStream.write(out, first, last, SIZE, files + first));
      }
      double loaded = (System.nanoTime() - start) / 1e9;
      SplittableRandom random = new SplittableRandom(files);
      commits(http, repo, files, random, WARM);
      long before = Trees.bytes(server.home());
      double cpu = server.serverCpu();
      double fsyncBefore = Fsync.median(server.folder());
      List<Commit> commits = commits(http, repo, files, random, COMMITS);
      double cpuEach = (server.serverCpu() - cpu) * 1000 / COMMITS;
      double fsync = (fsyncBefore + Fsync.median(server.folder())) / 2;
      double stored = (Trees.bytes(server.home()) - before) / 1024.0 / COMMITS;
      String at = repo + "/commits/master";
      return new Curve(
          files,
          Main.load(),
          loaded,
          Medians.of(commits.stream().map(Commit::server).toList()),
          Medians.of(commits.stream().map(Commit::roundTrip).toList()),
          cpuEach,
          fsync,
          stored,
          read(http, at + "/diff?limit=1000", "changed"),
          read(http, at + "/files?path=/d0005&limit=1000", "f0999.bin"),
          read(http, at + "/glob?pattern=/d0005/*&limit=1000", "f0999.bin"),
          read(http, at + "/glob?pattern=/*/f0007.bin&limit=10000", "f0007.bin"),
          get(server, repo, "-"),
          checkout ? checkout(server, repo) : Double.NaN);
    }
  }

  private record Commit(double server, double roundTrip) {}

  private static List<Commit> commits(
      Http http, String repo, int files, SplittableRandom random, int count)
      throws IOException, InterruptedException {
    List<Commit> taken = new ArrayList<>();
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < count; i++) {
      random.nextBytes(bytes);
      String path = "/" + Trees.path(random.nextInt(files));
      long start = System.nanoTime();
      Http.Timed commit = http.put(repo + "/commits/master/file?path=" + path, bytes);
      taken.add(new Commit(commit.serverMillis(), (System.nanoTime() - start) / 1e6));
      if (!commit.body().replace(" ", "").contains("\"files\":" + files)) {
        throw new IllegalStateException("the commit is not of all files: " + commit.body());
      }
    }
    return taken;
  }

  private static double read(Http http, String path, String expected)
      throws IOException, InterruptedException {
    List<Double> taken = new ArrayList<>();
    for (int i = 0; i < READS; i++) {
      long start = System.nanoTime();
      String answer = http.get(path);
      taken.add((System.nanoTime() - start) / 1e6);
      if (!answer.contains(expected)) {
        throw new IllegalStateException(path + " answered " + answer);
      }
    }
    return Medians.of(taken);
  }

  private static double checkout(RealServer server, String repo)
      throws IOException, InterruptedException {
    Path target = server.folder().resolve("checkout");
    double seconds = get(server, repo, target.toString());
    Trees.delete(target);
    return seconds;
  }

  private static double get(RealServer server, String repo, String target)
      throws IOException, InterruptedException {
    return server.timed("get", "file", "-r", repo + "@master:/", "-o", target).wall();
  }

  static String header() {
    return """
    | Files | Load | Put, s | Commit of one file in the server, ms | With HTTP, ms | CPU of it, ms | fsync, ms | Stored for it, KiB | Diff, ms | List 1,000, ms | Glob 1,000, ms | Glob one in each directory, ms | Checkout as tar, s | Checkout, s |
    |---|---|---|---|---|---|---|---|---|---|---|---|---|---|\
    """;
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %,d | %.1f | %.1f | %.2f | %.2f | %.2f | %.2f | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %s |",
        files,
        load,
        loadSeconds,
        commit,
        roundTrip,
        commitCpu,
        fsync,
        storedKib,
        diff,
        list,
        glob,
        scan,
        tar,
        Double.isNaN(checkout) ? "not run" : String.format(Locale.ROOT, "%.2f", checkout));
  }
}
