package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// P14: pages of the console in a headless Chromium, on a repo of 1,000,000 files, a job of 100,000
/// datums and a graph of 200 boxes. A figure is the time from asking for the page until its whole
/// document is there and painted; each page is opened once for the first time and then some more,
/// and the worst of all pages counts.
final class ConsolePages implements Main.Benchmark {
  private static final int FILES = Integer.getInteger("console.files", 1_000_000);
  private static final int DATUMS = Integer.getInteger("console.datums", 100_000);
  private static final int PIPELINES = 199;
  private static final int ROUNDS = 7;
  private static final int FILE_BYTES = 64;
  private static final double MILLIS = 1000;
  private static final Pattern ID = Pattern.compile("\"id\": *\"([0-9a-f]{64})\"");
  private static final Pattern JOB = Pattern.compile("\"id\": *\"([0-9a-f]{32})\"");

  private final List<String> rows = new ArrayList<>();

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started();
        Http http = new Http(server)) {
      fill(server, http);
      Path profile = Files.createDirectories(server.folder().resolve("chromium"));
      try (Chromium browser = new Chromium(profile)) {
        return measure(server, http, browser);
      }
    }
  }

  private static void fill(RealServer server, Http http) throws IOException, InterruptedException {
    server.dassie("create", "repo", "data");
    server.dassie("create", "repo", "many");
    server.dassie("create", "repo", "quiet");
    http.post(
        "data/commits/master/tar?path=/", out -> TarStream.write(out, 0, FILES, FILE_BYTES, FILES));
    Main.say("P14: %,d files are there", FILES);
    http.post(
        "many/commits/master/tar?path=/",
        out -> TarStream.write(out, 0, DATUMS, FILE_BYTES, DATUMS));
    Path copies =
        Files.writeString(
            server.folder().resolve("copies.yaml"),
            """
            pipeline: {name: copies}
            input: {pfs: {repo: many, name: in, glob: "/*/*"}}
            transform: {cmd: [cp, -r, /pfs/in/., /pfs/out]}
            parallelismSpec: {constant: 2}
            """);
    server.dassie("create", "pipeline", "-f", copies.toString());
    server.dassie("wait", "commit", "copies@master");
    Main.say("P14: %,d datums are there", DATUMS);
    StringBuilder specs = new StringBuilder();
    for (int i = 0; i < PIPELINES; i++) {
      specs.append(
          String.format(
              Locale.ROOT,
              """
              ---
              pipeline: {name: p%d}
              input: {pfs: {repo: %s, name: in, glob: "/"}}
              transform: {cmd: ["true"]}
              """,
              i,
              i < 10 ? "quiet" : "p" + (i * 7 / 10)));
    }
    Path many = Files.writeString(server.folder().resolve("many.yaml"), specs);
    server.dassie("create", "pipeline", "-f", many.toString());
  }

  /// The pages, each with a selector of what a reader comes for.
  private static Map<String, String> pages(RealServer server, Http http)
      throws IOException, InterruptedException {
    Matcher job = JOB.matcher(http.get("copies/commits/master"));
    if (!job.find()) {
      throw new IOException("no job");
    }
    String jobs = "/jobs/default/copies/" + job.group(1);
    Matcher datum =
        ID.matcher(
            server.dassie(
                "list",
                "datum",
                "copies@" + job.group(1),
                "--limit",
                Integer.toString(DATUMS / 2),
                "-o",
                "jsonl"));
    String middle = "";
    while (datum.find()) {
      middle = datum.group(1);
    }
    String file = Trees.path(FILES / 2);
    String folder = file.substring(0, file.lastIndexOf('/'));
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("/", "main h1");
    pages.put("/data", "#repos tbody tr");
    pages.put("/data/default/data/master", "#files tbody tr");
    pages.put("/data/default/data/master?path=/" + folder, "#files tbody tr");
    pages.put("/data/default/data/master?path=/" + file, "main pre");
    pages.put("/data/default/data/master/history?path=/" + file, "#history tbody tr");
    pages.put("/data/default/data/master/diff", "main");
    pages.put("/data/default/data/master/commit", "main dl");
    pages.put("/pipelines", ".graph .node");
    pages.put("/pipelines/default/copies", "#jobs tbody tr");
    pages.put("/jobs", "#jobs tbody tr");
    pages.put(jobs, "#datums tbody tr");
    pages.put(jobs + "?state=failed", "#datums");
    pages.put(jobs + "/datums/" + middle, "#why");
    pages.put(
        "/data/default/copies/master/lineage?path=/" + Trees.path(DATUMS / 2), ".graph .node");
    pages.put("/data/default/many/master/impact?path=/" + Trees.path(DATUMS / 2), "main tbody tr");
    return pages;
  }

  private List<Figure> measure(RealServer server, Http http, Chromium browser)
      throws IOException, InterruptedException {
    Map<String, String> pages = pages(server, http);
    double first = 0;
    double later = 0;
    for (Map.Entry<String, String> page : pages.entrySet()) {
      double[] times = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        times[i] = browser.open(server.url() + page.getKey(), page.getValue());
      }
      double once = times[0];
      Arrays.sort(times);
      rows.add(
          String.format(
              Locale.ROOT,
              "| `%s` | %.0f | %.0f | %.0f |",
              page.getKey().replaceAll("[0-9a-f]{32,64}", "…"),
              once,
              times[ROUNDS / 2],
              times[ROUNDS - 1]));
      Main.say("%s", rows.getLast());
      first = Math.max(first, once);
      later = Math.max(later, times[ROUNDS / 2]);
    }
    String size = "%,d files, %,d datums, 200 boxes".formatted(FILES, DATUMS);
    return List.of(
        figure("the slowest page of the console, opened first; " + size, first),
        figure("the slowest page, median of %d; ".formatted(ROUNDS) + size, later));
  }

  private static Figure figure(String what, double millis) {
    return new Figure("P14", what, millis, "ms", MILLIS, "≤ 1 s", millis <= MILLIS);
  }

  @Override
  public List<String> appendix() {
    List<String> lines =
        new ArrayList<>(
            List.of("| Page (P14) | First, ms | Median, ms | Worst, ms |", "|---|---|---|---|"));
    lines.addAll(rows);
    return lines;
  }
}
