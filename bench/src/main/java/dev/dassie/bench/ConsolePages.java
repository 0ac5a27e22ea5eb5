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

/// P14: pages of the console in a headless Chromium, on a repo of 1,000,000 files, jobs of 100,000
/// datums and a graph of 200 boxes ([ConsoleScene]). A figure is the time from asking for the page
/// until its whole document is there and painted; each page is opened once for the first time and
/// then some more, and the worst of all pages counts. Then what a reader clicks, from the click
/// until what it leads to is painted.
///
/// `-Dconsole.keep=FOLDER` keeps what was filled in, and goes on with it in a later run.
final class ConsolePages implements Main.Benchmark {
  private static final int FILES = Integer.getInteger("console.files", 1_000_000);
  private static final int DATUMS = Integer.getInteger("console.datums", 100_000);
  private static final int ROUNDS = Integer.getInteger("console.rounds", 5);
  private static final double MILLIS = 1000;
  private static final double CLICK_MILLIS = 200;
  private static final String KEEP = System.getProperty("console.keep", "");
  private static final Pattern JOB = Pattern.compile("\"id\": *\"([0-9a-f]{32})\"");
  private static final String COPIES = "/data/default/copies/master";
  private static final String MANY = "/data/default/many/master";
  private static final String DATA = "/data/default/data/master";

  private final List<String> rows = new ArrayList<>();
  private String firstJob = "";
  private String lastJob = "";

  @Override
  public List<Figure> run() throws Exception {
    long start = System.nanoTime();
    try (RealServer server =
            KEEP.isEmpty() ? RealServer.started() : RealServer.kept(Path.of(KEEP));
        Http http = new Http(server)) {
      new ConsoleScene(server, http, FILES, DATUMS).fill();
      jobs(http);
      Main.say("P14: filled in after %.0f s", (System.nanoTime() - start) / 1e9);
      Path profile = Files.createDirectories(server.folder().resolve("chromium"));
      try (Chromium browser = new Chromium(profile)) {
        return measure(server, browser);
      } finally {
        Trees.delete(profile);
        Main.say("P14: all of it took %.0f s", (System.nanoTime() - start) / 1e9);
      }
    }
  }

  /// The first job ran all datums, the last one of them.
  private void jobs(Http http) throws IOException, InterruptedException {
    Matcher job = JOB.matcher(http.get("copies/commits?limit=2"));
    List<String> ids = new ArrayList<>();
    while (job.find()) {
      if (!ids.contains(job.group(1))) {
        ids.add(job.group(1));
      }
    }
    lastJob = "/jobs/default/copies/" + ids.getFirst();
    firstJob = "/jobs/default/copies/" + ids.get(1);
  }

  /// What a reader does on a page.
  ///
  /// @param page where it begins
  /// @param action a script
  /// @param content a selector of what it leads to; empty where it stays on the page
  private record Click(String what, String page, String action, String content) {}

  private List<Click> clicks() {
    String folder = DATA + "?path=/" + folder(FILES / 2);
    String lineage = COPIES + "/lineage?path=/" + Trees.path(DATUMS / 2);
    return List.of(
        click("next page of files", folder, "a[rel=next]", "#files tbody tr"),
        enter("files from a name on", folder, "name", "f05", "#files tbody tr"),
        click("up a folder", folder, ".crumbs li:nth-last-child(2) a", "#files"),
        click("a file", folder, "#files a[href*=f0007]", "main pre"),
        click("the history of a file", file(), ".tabs a[href*=history]", "#history tbody tr"),
        click("failed datums", firstJob, ".chips a[href*=failed]", "#datums"),
        click("recovered datums", firstJob, ".chips a[href*=recovered]", "#datums tbody tr"),
        click("next page of datums", firstJob, "#datums a[rel=next]", "#datums tbody tr"),
        click("a datum of the chart", firstJob, "#gantt a", "#log"),
        click("a datum of the list", firstJob, "#datums tbody a.mono", "#log"),
        click("jobs of a state", "/jobs?state=success", "#jobs a.mono", "#facts"),
        click("a pipeline of 200 boxes", "/pipelines?group=none", ".graph a", "main h1"),
        enter("pipelines by name", "/pipelines", "q", "p12", ".graph .node"),
        click("a group opens", "/pipelines?group=prefix", ".graph a.group", ".graph .node"),
        click("all pipelines", "/", ".rail a[href='/pipelines']", ".graph .node"),
        new Click(
            "the graph grows",
            "/pipelines?group=none",
            "document.querySelector(`[data-zoom=in]`).click()",
            ""),
        click("lineage one step on", lineage, ".graph a", "main h1"),
        enter("search", "/", "find", "p1", "#pipelines li"));
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

  private static Click enter(String what, String page, String field, String text, String content) {
    return new Click(
        what,
        page,
        "document.getElementById(`%1$s`).value = `%2$s`; document.getElementById(`%1$s`).form.requestSubmit()"
            .formatted(field, text),
        content);
  }

  private static String folder(int file) {
    String path = Trees.path(file);
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String file() {
    return DATA + "?path=/" + Trees.path(FILES / 2);
  }

  private double clicked(RealServer server, Chromium browser)
      throws IOException, InterruptedException {
    double slowest = 0;
    for (Click click : clicks()) {
      double[] times = new double[ROUNDS];
      double[] replies = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        double _ = browser.open(server.url() + click.page(), "main");
        if (click.content().isEmpty()) {
          times[i] = browser.act(click.action());
        } else {
          Chromium.Waited waited = browser.leave(click.action(), click.content());
          times[i] = waited.millis();
          replies[i] = waited.reply();
        }
      }
      double median = row("click: " + click.what(), times, replies);
      slowest = Math.max(slowest, median);
    }
    return slowest;
  }

  /// Notes what was measured, the first time first, and answers the median.
  private double row(String what, double[] times, double[] replies) {
    double once = times[0];
    Arrays.sort(times);
    Arrays.sort(replies);
    double median = times[ROUNDS / 2];
    double reply = replies[ROUNDS / 2];
    rows.add(
        String.format(
            Locale.ROOT,
            "| %s | %.0f | %.0f | %.0f | %s |",
            what,
            once,
            median,
            times[ROUNDS - 1],
            reply > 0 ? String.format(Locale.ROOT, "%.0f", reply) : ""));
    Main.say("%s", rows.getLast());
    return median;
  }

  /// The pages, each with a selector of what a reader comes for.
  private Map<String, String> pages() {
    String file = Trees.path(FILES / 2);
    String copy = Trees.path(DATUMS / 2);
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("/", "main h1");
    pages.put("/data", "#repos tbody tr");
    pages.put("/data/default/data", "main h1");
    pages.put(DATA, "#files tbody tr");
    pages.put(DATA + "?path=/" + folder(FILES / 2), "#files tbody tr");
    pages.put(file(), "main pre");
    pages.put(DATA + "?glob=/d*5/f0001*", "#files tbody tr");
    pages.put(DATA + "/history?path=/" + file, "#history tbody tr");
    pages.put(DATA + "/commits", "main tbody tr");
    pages.put(DATA + "/diff", "main");
    pages.put(DATA + "/diff?path=/" + file, "main");
    pages.put(DATA + "/commit", "main dl");
    pages.put("/pipelines", ".graph .node");
    pages.put("/pipelines?group=none", ".graph .node");
    pages.put("/pipelines/default/copies", "#jobs tbody tr");
    pages.put("/jobs", "#jobs tbody tr");
    pages.put("/jobs?state=failed", "#jobs");
    pages.put(firstJob, "#gantt a");
    for (String state : List.of("failed", "recovered", "success", "skipped", "waiting")) {
      pages.put(firstJob + "?state=" + state, "#datums");
    }
    pages.put(lastJob, "#datums tbody tr");
    pages.put(lastJob + "?state=success", "#datums");
    pages.put(COPIES + "/lineage?path=/" + copy, ".graph .node");
    pages.put(COPIES + "/lineage?path=/" + folder(DATUMS / 2), ".graph .node");
    pages.put(
        "/data/default/folders/master/lineage?depth=2&path=/" + folder(DATUMS / 2), ".graph .node");
    pages.put(MANY + "/impact?path=/" + copy, "main tbody tr");
    pages.put(MANY + "/impact?path=/" + folder(DATUMS / 2), "main tbody tr");
    pages.put(MANY + "/impact", "main tbody tr");
    pages.put("/admin", "#queue");
    pages.put("/search?q=p1", "#pipelines li");
    return pages;
  }

  private List<Figure> measure(RealServer server, Chromium browser)
      throws IOException, InterruptedException {
    Map<String, String> pages = pages();
    pages.put(datum(server, browser), "#why");
    double first = 0;
    double later = 0;
    for (Map.Entry<String, String> page : pages.entrySet()) {
      double[] times = new double[ROUNDS];
      double[] replies = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        times[i] = browser.open(server.url() + page.getKey(), page.getValue());
        replies[i] = browser.number("performance.getEntriesByType(`navigation`)[0].responseEnd");
      }
      first = Math.max(first, times[0]);
      String shown = page.getKey().replaceAll("[0-9a-f]{32,64}", "…");
      shown = shown.replace("…?", page.getKey().startsWith(lastJob) ? "last?" : "…?");
      later = Math.max(later, row("`" + shown + "`", times, replies));
    }
    double clicks = clicked(server, browser);
    String size =
        "%,d files, %,d datums, %d boxes".formatted(FILES, DATUMS, ConsoleScene.PIPELINES + 1);
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

  /// The page of a datum far from the beginning: one that recovered.
  private String datum(RealServer server, Chromium browser)
      throws IOException, InterruptedException {
    double _ = browser.open(server.url() + firstJob + "?state=recovered", "#datums tbody tr");
    String ids =
        browser.text(
            "[...document.querySelectorAll(`#datums tbody a.mono`)].at(-1).getAttribute(`href`)");
    return ids;
  }

  private static Figure figure(String what, double millis) {
    return new Figure("P14", what, millis, "ms", MILLIS, "≤ 1 s", millis <= MILLIS);
  }

  @Override
  public List<String> appendix() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "| Page (P14) | First, ms | Median, ms | Worst, ms | of these the reply |",
                "|---|---|---|---|---|"));
    lines.addAll(rows);
    return lines;
  }
}
