package dev.dassie.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// P13: objects over S3 against bare HTTP file servers and MinIO where there is one, each round on
/// all of them, after one that warms every server up and does not count. The rule is that of the
/// bare server in Go, which the budget was drawn from; where there is no Go, of the one in Java. No
/// two objects share bytes. Client and servers share the machine.
final class Gateway implements Main.Benchmark {
  private static final int ROUNDS = 3;
  private static final int LARGE = 64 << 20;
  private static final int LARGE_COUNT = 12;
  private static final int WARM_UP = 9;
  private static final int WARM_UP_LARGE = 4;
  private static final int LARGE_CLIENTS = 4;
  private static final int SMALL = 1 << 10;
  private static final int SMALL_COUNT = 8_000;
  private static final int SMALL_CLIENTS = 32;
  private static final int LISTED = 100_000;
  private static final double LIST_LIMIT = 1.5;
  private static final String KEY = "dassiebench";
  private static final String BUCKET = "master.objects";

  /// What one round gave: MiB/s of large objects, objects/s of small ones.
  private record Round(double largePut, double largeGet, double smallPut, double smallGet) {}

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started();
        ObjectPeers peers = new ObjectPeers(KEY)) {
      server.dassie("create", "repo", "objects");
      List<ObjectPeers.Store> stores = new ArrayList<>(peers.started());
      stores.add(new ObjectPeers.Store("dassie", server.s3Port(), BUCKET));
      Main.say("P13: a round that does not count warms up every server alike.");
      for (ObjectPeers.Store store : stores) {
        Round _ = round(store, WARM_UP, WARM_UP_LARGE);
      }
      Map<String, List<Round>> rounds = new LinkedHashMap<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (ObjectPeers.Store store : stores) {
          rounds
              .computeIfAbsent(store.name(), _ -> new ArrayList<>())
              .add(round(store, round, LARGE_COUNT));
        }
      }
      rounds.forEach((name, all) -> Main.say("P13 %s: %s", name, all));
      List<Figure> figures = new ArrayList<>();
      String judge = rounds.containsKey(ObjectPeers.GO) ? ObjectPeers.GO : ObjectPeers.JAVA;
      figures.addAll(against(rounds, judge, new double[] {0.45, 0.8, 1.3, 0.65}));
      for (String other : rounds.keySet()) {
        if (other.equals(ObjectPeers.MINIO)) {
          figures.addAll(against(rounds, other, new double[] {1, 1, 1, 1}));
        } else if (!other.equals(judge) && !other.equals("dassie")) {
          figures.addAll(against(rounds, other, new double[] {0, 0, 0, 0}));
        }
      }
      figures.add(list(server));
      return figures;
    }
  }

  private static List<Figure> against(
      Map<String, List<Round>> rounds, String peer, double[] rules) {
    String[] works = {
      "64 MiB PUT, 4 clients",
      "64 MiB GET, 4 clients",
      "1 KiB PUT, 32 clients",
      "1 KiB GET, 32 clients"
    };
    List<Figure> figures = new ArrayList<>();
    for (int work = 0; work < works.length; work++) {
      List<Double> ours = values(rounds, "dassie", work);
      List<Double> theirs = values(rounds, peer, work);
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < ours.size(); i++) {
        ratios.add(ours.get(i) / theirs.get(i));
      }
      double ratio = Medians.of(ratios);
      figures.add(
          new Figure(
              "P13",
              "S3 " + works[work],
              Medians.of(ours),
              work < 2 ? "MiB/s" : "objects/s",
              Medians.of(theirs),
              rules[work] == 0
                  ? "no rule: %s (median ratio %.2f)".formatted(peer, ratio)
                  : "≥ %.2f × %s (median ratio %.2f)".formatted(rules[work], peer, ratio),
              ratio >= rules[work]));
    }
    return figures;
  }

  private static List<Double> values(Map<String, List<Round>> rounds, String name, int work) {
    return Optional.ofNullable(rounds.get(name)).orElseThrow().stream()
        .map(round ->
            switch (work) {
              case 0 -> round.largePut();
              case 1 -> round.largeGet();
              case 2 -> round.smallPut();
              default -> round.smallGet();
            })
        .toList();
  }

  private static Round round(ObjectPeers.Store store, int round, int large) throws Exception {
    double mib = (double) large * LARGE / (1 << 20);
    double largePut = mib / all(store, "PUT", round, large, LARGE, LARGE_CLIENTS);
    double largeGet = mib / all(store, "GET", round, large, LARGE, LARGE_CLIENTS);
    double smallPut = SMALL_COUNT / all(store, "PUT", round, SMALL_COUNT, SMALL, SMALL_CLIENTS);
    double smallGet = SMALL_COUNT / all(store, "GET", round, SMALL_COUNT, SMALL, SMALL_CLIENTS);
    return new Round(largePut, largeGet, smallPut, smallGet);
  }

  /// Seconds until all objects of a size were put or read by so many clients.
  private static double all(
      ObjectPeers.Store store, String method, int round, int count, int size, int clients)
      throws Exception {
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      List<ObjectCall> calls = new ArrayList<>();
      for (int i = client; i < count; i += clients) {
        calls.add(
            ObjectCall.of(
                method,
                store.host(),
                "/%s/r%d/%d/o%05d".formatted(store.bucket(), round, size, i),
                method.equals("PUT") ? size : 0,
                KEY));
      }
      byte[] body = new byte[method.equals("PUT") ? size : 0];
      new Random((((long) round * 31 + store.port()) * 31 + size) * 31 + client).nextBytes(body);
      work.add(() -> one(store, calls, body, size));
    }
    long start = System.nanoTime();
    try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
      for (Future<Boolean> done : pool.invokeAll(work)) {
        boolean _ = done.get();
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static boolean one(ObjectPeers.Store store, List<ObjectCall> calls, byte[] body, int size)
      throws IOException {
    try (ObjectConnection connection = new ObjectConnection(store.port())) {
      for (int i = 0; i < calls.size(); i++) {
        differ(body, i);
        long came = connection.call(calls.get(i), body, OutputStream.nullOutputStream());
        if (body.length == 0 && came != size) {
          throw new IOException("%d of %d bytes came".formatted(came, size));
        }
      }
    }
    return true;
  }

  /// Changes eight bytes in each 4 KiB, so that no chunk of one object is in another.
  private static void differ(byte[] body, int number) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    for (int at = 0; at + 8 <= body.length; at += 4096) {
      bytes.putLong(at, bytes.getLong(at) * 31 + number + 1);
    }
  }

  /// Seconds for all pages of 1,000 keys.
  private static Figure list(RealServer server) throws Exception {
    server.dassie("create", "repo", "many");
    try (Http http = new Http(server)) {
      String _ =
          http.post(
              "many/commits/master/tar?path=/", out -> TarStream.write(out, 0, LISTED, 64, LISTED));
    }
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      int keys = listed(server);
      seconds.add((System.nanoTime() - start) / 1e9);
      if (keys != LISTED) {
        throw new IllegalStateException("%d of %d keys were listed".formatted(keys, LISTED));
      }
    }
    double median = Medians.of(seconds);
    return new Figure(
        "P13",
        "S3 list of 100,000 keys",
        median,
        "s",
        LIST_LIMIT,
        "≤ 1.5 s (median of %d)".formatted(ROUNDS),
        median <= LIST_LIMIT);
  }

  private static int listed(RealServer server) throws IOException {
    String host = "127.0.0.1:" + server.s3Port();
    int keys = 0;
    Optional<String> token = Optional.empty();
    try (ObjectConnection connection = new ObjectConnection(server.s3Port())) {
      do {
        String query =
            token.map(t -> "continuation-token=" + encoded(t) + "&").orElse("")
                + "list-type=2&max-keys=1000";
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        long _ =
            connection.call(
                ObjectCall.of("GET", host, "/master.many?" + query, 0, KEY), new byte[0], page);
        String xml = page.toString(StandardCharsets.UTF_8);
        keys += xml.split("<Key>", -1).length - 1;
        int at = xml.indexOf("<NextContinuationToken>");
        token =
            at < 0
                ? Optional.empty()
                : Optional.of(xml.substring(at + 23, xml.indexOf('<', at + 23)));
      } while (token.isPresent());
    }
    return keys;
  }

  private static String encoded(String token) {
    return java.net.URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
