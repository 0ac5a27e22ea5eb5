package dev.dassie.cli.start;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.pipeline.Why;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `quickstart`: a repo, two pipelines, their results, one more file, and what ran because of it.
/// Run again, it begins from the state that it finds and says so.
public final class Quickstart implements Action {
  private static final String LAST = "/2015.csv";
  private static final Set<String> FIRST = Set.of("/2012.csv", "/2013.csv", "/2014.csv");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIRECTORY",
      description = "Where the charts go (./dassie-quickstart).")
  private Optional<String> output = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    int started = Up.ensure(session);
    if (started != Exit.OK) {
      return started;
    }
    Path share = share(session);
    Map<String, String> years = years(share.resolve("seattle-weather.csv"));
    WeatherYears data = new WeatherYears(session);

    heading(session, "1  Data", "daily weather of Seattle, one file per year, put as one commit");
    first(session, data, years);

    heading(session, "2  Pipelines", "weather -> monthly -> chart; each is a few lines of Python");
    data.pipeline(share.resolve("monthly.yaml"));
    data.pipeline(share.resolve("chart.yaml"));
    data.await("monthly");
    data.await("chart");
    session.print("");
    statistics(session, data);
    Path charts = charts(session, data);
    session.print("\nCharts: " + charts.resolve("2014.svg") + " and its neighbours.");

    heading(session, "3  One more year", "put 2015 and see what runs");
    String set = data.put(Map.of(LAST, years.getOrDefault(LAST, "")));
    for (String pipeline : List.of("monthly", "chart")) {
      session.print(ran(pipeline, data.job(pipeline, set)));
    }
    charts(session, data);

    heading(session, "4  Why is it what it is?", "dassie why chart@master:/2015.svg");
    Why.print(session, Address.parse("chart@master:/2015.svg", "default"), new Shape());
    session.print(
        """

        Done in %s. Now try:
          dassie list commit chart@master
          dassie list datum chart@%s
          edit %s, then: dassie update pipeline -f %s\
        """
            .formatted(
                Cells.duration(Duration.ofNanos(System.nanoTime() - begin).toMillis()),
                set,
                share.resolve("chart/chart.py"),
                share.resolve("chart.yaml")));
    return Exit.OK;
  }

  /// The repo with the first three years in it, whatever was there before.
  private static void first(Session session, WeatherYears data, Map<String, String> years)
      throws IOException, InterruptedException {
    data.repo();
    Set<String> present = data.files();
    Map<String, String> missing = new TreeMap<>(years);
    missing.keySet().retainAll(FIRST);
    missing.keySet().removeAll(present);
    if (!missing.isEmpty()) {
      data.put(missing);
      session.print("Put %s.".formatted(Cells.counted(missing.size(), "file")));
    } else {
      session.print("The first three years are there already, from an earlier quickstart.");
    }
    if (present.contains(LAST)) {
      data.delete(LAST);
      session.print("2015 was there too; it is deleted so that the story can be told again.");
    }
  }

  private static String ran(String pipeline, JsonNode job) {
    long ran = job.path("datums").path("success").asLong(0);
    long skipped = job.path("datums").path("skipped").asLong(0);
    String counts =
        "%-8s %s ran, %d skipped, in %s"
            .formatted(
                pipeline + ":",
                Cells.counted(ran, "datum"),
                skipped,
                Cells.duration(job, "duration_ms"));
    return ran == 0 && skipped > 0
        ? counts + " (an earlier quickstart computed all of it; results are kept)"
        : counts;
  }

  /// One row per month, two columns per year.
  private static void statistics(Session session, WeatherYears data)
      throws IOException, InterruptedException {
    Map<String, List<String[]>> tables = new TreeMap<>();
    for (String path : FIRST) {
      tables.put(
          path.substring(1, 5),
          data.text("monthly", path).lines().skip(1).map(line -> line.split(",")).toList());
    }
    StringBuilder head = new StringBuilder("MONTH");
    tables.keySet().forEach(year -> head.append("   %s high    rain".formatted(year)));
    session.print(head.toString());
    for (int month = 0; month < 12; month++) {
      StringBuilder row = new StringBuilder("%5d".formatted(month + 1));
      for (List<String[]> table : tables.values()) {
        boolean complete = month < table.size() && table.get(month).length > 3;
        row.append(
            complete
                ? "%9s °C%6s mm".formatted(table.get(month)[1], table.get(month)[3])
                : " ".repeat(21));
      }
      session.print(row.toString());
    }
  }

  private Path charts(Session session, WeatherYears data) throws IOException, InterruptedException {
    Path folder = session.file(output.orElse("dassie-quickstart"));
    Files.createDirectories(folder);
    for (String path : data.files("chart")) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (name.matches("[0-9]{4}\\.svg")) {
        Files.writeString(folder.resolve(name), data.text("chart", path));
      }
    }
    return folder;
  }

  /// The daily table, cut into one with a head per year, keyed by path.
  static Map<String, String> years(Path table) throws IOException {
    List<String> lines = Files.readAllLines(table);
    Map<String, StringBuilder> years = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.length() > 4) {
        years
            .computeIfAbsent(
                "/" + line.substring(0, 4) + ".csv",
                path -> new StringBuilder(lines.get(0)).append('\n'))
            .append(line)
            .append('\n');
      }
    }
    Map<String, String> texts = new TreeMap<>();
    years.forEach((path, text) -> texts.put(path, text.toString()));
    return texts;
  }

  private static Path share(Session session) {
    Path folder =
        session.surroundings().variable("DASSIE_SHARE").map(Path::of).orElse(Path.of("."));
    Path share = folder.resolve("quickstart");
    if (!Files.isRegularFile(share.resolve("seattle-weather.csv"))) {
      throw Problem.of(
              Problem.NOT_FOUND,
              "No quickstart is at `%s`.".formatted(share),
              Optional.of("`DASSIE_SHARE` names the folder that holds `quickstart/`."))
          .asException();
    }
    return share.toAbsolutePath().normalize();
  }

  private static void heading(Session session, String title, String subtitle) {
    session.print("\n" + session.terminal().painted(title, 1) + " - " + subtitle);
    session.terminal().out().flush();
  }
}
