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
/// and the worst of all pages counts. Then what a reader clicks, from the click on.
///
/// `-Dconsole.keep=FOLDER` keeps what was filled in, and goes on with it in a later run.
final class ConsolePages implements Main.Benchmark {
  private static final int FILES = Integer.getInteger("console.files", 1_000_000);
  private static final int DATUMS = Integer.getInteger("console.datums", 100_000);
  private static final int PIPELINES = 199;
  private static final int ROUNDS = 7;
  private static final int FILE_BYTES = 64;
  private static final double MILLIS = 1000;
  private static final double CLICK_MILLIS = 200;
  private static final String KEEP = System.getProperty("console.keep", "");
  private static final Pattern ID = Pattern.compile("\"id\": *\"([0-9a-f]{64})\"");
  private static final Pattern JOB = Pattern.compile("\"id\": *\"([0-9a-f]{32})\"");

  private final List<String> rows = new ArrayList<>();

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server =
            KEEP.isEmpty() ? RealServer.started() : RealServer.kept(Path.of(KEEP));
        Http http = new Http(server)) {
      fill(server, http);
      Path profile = Files.createDirectories(server.folder().resolve("chromium"));
      try (Chromium browser = new Chromium(profile)) {
        return measure(server, http, browser);
      }
    }
  }

  /// Fills in what an earlier run has not.
  private static void fill(RealServer server, Http http) throws IOException, InterruptedException {
    String repos = server.dassie("list", "repo", "-o", "json");
    for (String repo : List.of("data", "many", "quiet")) {
      if (!repos.contains("\"" + repo + "\"")) {
        server.dassie("create", "repo", repo);
      }
    }
    files(server, http, "data", FILES);
    files(server, http, "many", DATUMS);
    if (!repos.contains("\"copies\"")) {
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
    }
    server.dassie("wait", "commit", "copies@master");
    Main.say("P14: %,d datums are there", DATUMS);
    if (!repos.contains("\"p0\"")) {
      pipelines(server);
    }
  }

  private static void files(RealServer server, Http http, String repo, int count)
      throws IOException, InterruptedException {
    if (!server.dassie("list", "branch", repo, "-o", "json").contains("\"master\"")) {
      http.post(
          repo + "/commits/master/tar?path=/",
          out -> TarStream.write(out, 0, count, FILE_BYTES, count));
    }
    Main.say("P14: %,d files are there", count);
  }

  private static void pipelines(RealServer server) throws IOException, InterruptedException {
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
    Path file = Files.writeString(server.folder().resolve("quiet.txt"), "quiet");
    server.dassie("put", "file", "quiet@master:/a", "-f", file.toString());
    for (int i = 0; i < PIPELINES; i++) {
      server.dassie("wait", "commit", "p" + i + "@master");
    }
    Main.say("P14: %d pipelines have run", PIPELINES);
  }

  /// What a reader does on a page.
  ///
  /// @param page where it begins
  /// @param action a script
  /// @param content a selector of what it leads to; empty where it stays on the page
  private record Click(String what, String page, String action, String content) {}

  private static List<Click> clicks(Http http) throws IOException, InterruptedException {
    String job = job(http);
    String folder = Trees.path(FILES / 2).replaceAll("/[^/]*$", "");
    String data = "/data/default/data/master?path=/" + folder;
    String lineage = "/data/default/copies/master/lineage?path=/" + Trees.path(DATUMS / 2);
    return List.of(
        click("next page of files", data, "a[rel=next]", "#files tbody tr"),
        new Click(
            "files from a name on",
            data,
            "document.getElementById(`name`).value = `f5`;"
                + " document.getElementById(`name`).form.submit()",
            "#files"),
        click("up a folder", data, ".crumbs a:last-of-type", "main h1"),
        click("failed datums", job, ".chips a[href*=failed]", "#datums"),
        click(
            "next page of datums",
            job,
            "#datums ~ * a[rel=next], #datums a[rel=next]",
            "#datums tbody tr"),
        click("a datum of the chart", job, "#gantt a", "#log"),
        click("jobs of a state", "/jobs?state=success", "#jobs a.mono", "#datums"),
        click("a pipeline of 200 boxes", "/pipelines", ".graph a", "main h1"),
        new Click(
            "pipelines by name",
            "/pipelines",
            "document.getElementById(`q`).value = `p12`; document.getElementById(`q`).form.submit()",
            ".graph .node"),
        click("a group opens", "/pipelines?group=prefix", ".graph a:has(.group)", ".graph .node"),
        new Click(
            "the graph grows",
            "/pipelines",
            "document.querySelector(`[data-zoom=in]`).click()",
            ""),
        click("lineage one step on", lineage, ".graph a:last-of-type", "main h1"),
        new Click(
            "search",
            "/",
            "document.getElementById(`find`).value = `p1`; document.getElementById(`find`).form.submit()",
            "#pipelines li"));
  }

  private static Click click(String what, String page, String link, String content) {
    return new Click(
        what,
        page,
        "document.querySelector(`"
            + link
            + "`).dispatchEvent(new MouseEvent(`click`, {bubbles: true, cancelable: true}))",
        content);
  }

  private double clicked(RealServer server, Http http, Chromium browser)
      throws IOException, InterruptedException {
    double slowest = 0;
    for (Click click : clicks(http)) {
      double[] times = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        double _ = browser.open(server.url() + click.page(), "main");
        times[i] =
            click.content().isEmpty()
                ? browser.act(click.action())
                : browser.leave(click.action(), click.content());
      }
      double once = times[0];
      Arrays.sort(times);
      rows.add(
          String.format(
              Locale.ROOT,
              "| click: %s | %.0f | %.0f | %.0f |",
              click.what(),
              once,
              times[ROUNDS / 2],
              times[ROUNDS - 1]));
      Main.say("%s", rows.getLast());
      slowest = Math.max(slowest, times[ROUNDS / 2]);
    }
    return slowest;
  }

  private static String job(Http http) throws IOException, InterruptedException {
    Matcher job = JOB.matcher(http.get("copies/commits/master"));
    if (!job.find()) {
      throw new IOException("no job");
    }
    return "/jobs/default/copies/" + job.group(1);
  }

  /// The pages, each with a selector of what a reader comes for.
  private static Map<String, String> pages(RealServer server, Http http)
      throws IOException, InterruptedException {
    String jobs = job(http);
    Matcher datum =
        ID.matcher(
            server.dassie(
                "list",
                "datum",
                "copies@" + jobs.substring(jobs.lastIndexOf('/') + 1),
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
    pages.put("/admin", "#queue");
    pages.put("/search?q=p1", "#pipelines li");
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
    double clicks = clicked(server, http, browser);
    String size = "%,d files, %,d datums, 200 boxes".formatted(FILES, DATUMS);
    return List.of(
        figure("the slowest page of the console, opened first; " + size, first),
        figure("the slowest page, median of %d; ".formatted(ROUNDS) + size, later),
        new Figure(
            "P14",
            "the slowest click, median of %d; ".formatted(ROUNDS) + size,
            clicks,
            "ms",
            CLICK_MILLIS,
            "≤ 200 ms",
            clicks <= CLICK_MILLIS));
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
