package dev.dassie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Writers side by side: 1,000 one-file commits to one branch from 32 clients, while a commit of
/// 20,000 files goes to the same branch; then 100,000 files, one request each, into one open commit
/// from 8 clients.
final class SideBySide implements Main.Benchmark {
  private static final int COMMITS = 1_000;
  private static final int CLIENTS = 32;
  private static final double RATE = 200;
  private static final int ROUNDS = 3;
  private static final int LARGE = 20_000;
  private static final int FILES = Integer.getInteger("files", 100_000);
  private static final int WRITERS = 8;

  @Override
  public List<Figure> run() throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (RealServer server = RealServer.started();
        Http http = new Http(server)) {
      List<Double> rates = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        rates.add(commits(server, http, "w" + round));
      }
      double rate = Medians.of(rates);
      figures.add(
          new Figure(
              "W1",
              "1,000 one-file commits to one branch from 32 clients",
              rate,
              "commits/s",
              RATE,
              "≥ 200 commits/s, all in one line (median of %d, fsync %.2f ms)"
                  .formatted(ROUNDS, Fsync.median(server.folder())),
              rate >= RATE));
      figures.add(large(server, http));
      figures.add(open(server, http));
    }
    return figures;
  }

  private static double commits(RealServer server, Http http, String repo) throws Exception {
    server.dassie("create", "repo", repo);
    double cpu = server.serverCpu();
    double seconds = puts(http, repo, "master", COMMITS, CLIENTS);
    Main.say("W1: %.2f s, %.2f s of CPU in the server", seconds, server.serverCpu() - cpu);
    checkLine(http, repo, COMMITS);
    return COMMITS / seconds;
  }

  /// All commits are there, each the parent of the next.
  private static void checkLine(Http http, String repo, int count) throws Exception {
    String all = http.get(repo + "/commits?branch=master&limit=10000").replace(" ", "");
    int found = all.split("\"parent\":").length - 1;
    String head = http.get(repo + "/commits/master").replace(" ", "");
    if (found != count || !head.contains("\"files\":" + count)) {
      throw new IllegalStateException("%d of %d commits: %s".formatted(found, count, head));
    }
  }

  /// Seconds until all files were put, one request each.
  private static double puts(Http http, String repo, String to, int count, int clients)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    Callable<Integer> client =
        () -> {
          int done = 0;
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            http.put(
                "%s/commits/%s/file?path=/%s".formatted(repo, to, Trees.path(i)),
                ("file " + i + " of " + repo + "\n").repeat(40).getBytes(StandardCharsets.UTF_8));
            done++;
          }
          return done;
        };
    long start = System.nanoTime();
    try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(pool.submit(client));
      }
      for (Future<Integer> one : all) {
        one.get();
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /// A large commit takes its turn while small ones keep coming.
  private static Figure large(RealServer server, Http http) throws Exception {
    server.dassie("create", "repo", "large");
    double alone = send(http, "/alone", 1);
    AtomicInteger small = new AtomicInteger();
    double among;
    try (ExecutorService pool = Executors.newFixedThreadPool(CLIENTS)) {
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        all.add(pool.submit(() -> until(http, over, client, small)));
      }
      try {
        among = send(http, "/among", 2);
      } finally {
        over.set(true);
      }
      for (Future<Integer> one : all) {
        one.get();
      }
    }
    Main.say("W2: %d small commits while the large one went in", small.get());
    return new Figure(
        "W2",
        "a commit of 20,000 files among 32 clients that commit small ones",
        among,
        "s",
        alone,
        "≤ 3 × what it takes alone (%d small ones meanwhile)".formatted(small.get()),
        among <= 3 * alone && small.get() > 0);
  }

  private static int until(Http http, AtomicBoolean over, int client, AtomicInteger count)
      throws IOException, InterruptedException {
    int done = 0;
    while (!over.get()) {
      http.put(
          "large/commits/master/file?path=/small/%d-%d".formatted(client, done),
          "small".getBytes(StandardCharsets.UTF_8));
      done++;
      count.incrementAndGet();
    }
    return done;
  }

  private static double send(Http http, String path, long seed)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    http.post(
        "large/commits/master/tar?path=" + path, out -> TarStream.write(out, 0, LARGE, 1024, seed));
    return (System.nanoTime() - start) / 1e9;
  }

  private static Figure open(RealServer server, Http http) throws Exception {
    server.dassie("create", "repo", "open");
    http.post("open/commits", "{\"branch\":\"master\"}".getBytes(StandardCharsets.UTF_8));
    double cpu = server.serverCpu();
    double seconds = puts(http, "open", "master", FILES, WRITERS);
    cpu = server.serverCpu() - cpu;
    long start = System.nanoTime();
    http.get("open/commits/master/files?path=/d0001&limit=1000");
    double list = (System.nanoTime() - start) / 1e6;
    start = System.nanoTime();
    String done = http.post("open/commits/master/finish", new byte[0]);
    double finish = (System.nanoTime() - start) / 1e6;
    if (!done.replace(" ", "").contains("\"files\":" + FILES)) {
      throw new IllegalStateException("the open commit lacks files: " + done);
    }
    Main.say(
        "W3: %.1f s, %.1f s of CPU in the server; list %.1f ms, finish %.1f ms, %.1f MiB of packs",
        seconds, cpu, list, finish, server.packBytes() / 1048576.0);
    return new Figure(
        "W3",
        "100,000 files, one put each, into one open commit from 8 clients",
        FILES / seconds,
        "files/s",
        RATE,
        "told (%.1f s; list of 1,000 then %.1f ms, finish %.1f ms)"
            .formatted(seconds, list, finish),
        true);
  }
}
