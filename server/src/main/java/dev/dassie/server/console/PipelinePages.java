package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Job;
import dev.dassie.job.standing.Status;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.Names;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All pipelines as a graph and a list, and one pipeline.
final class PipelinePages {
  /// Pipelines that a graph is made of, and that one page of the list looks at for a name.
  private static final int ALL = 2_000;

  private static final int ROWS = 50;
  private static final int STRIP = 20;
  private static final int JOBS = 10;
  private static final int VERSIONS = 10;
  private static final int OPEN = 100;
  private static final String ONE = "/pipelines/{project}/{name}";

  private final Dassie dassie;
  private final Screen screen;

  PipelinePages(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/pipelines", this::list, "q", "after", "group", "open", "zoom"),
        screen.get(ONE, this::show, "after"),
        screen.post(ONE + "/start", exchange -> act(exchange, "start")),
        screen.post(ONE + "/stop", exchange -> act(exchange, "stop")),
        screen.post(ONE + "/rerun", exchange -> act(exchange, "rerun")),
        screen.post(ONE + "/reprocess", exchange -> act(exchange, "reprocess")));
  }

  private void list(Exchange exchange) {
    String query = Screen.kept(exchange, "q").strip();
    String after = Screen.kept(exchange, "after");
    // Behind the first page there is no graph: without a name to look for it reads what it lists.
    int most = after.isEmpty() || !query.isEmpty() ? ALL : ROWS;
    Page<Pipeline> page = dassie.pipelines().list(Optional.empty(), after, most);
    List<Pipeline> all = page.items();
    List<Pipeline> matching = all.stream().filter(pipeline -> matches(pipeline, query)).toList();
    List<PipelineRow> rows = rows(matching.stream().limit(ROWS).toList(), STRIP);
    Optional<String> next =
        matching.size() > ROWS
            ? Optional.of(rows.getLast().pipeline().spec().repo().key())
            : page.next();
    PipelineGroups.By by = by(exchange, query.isEmpty() ? all : matching);
    PipelineGroups groups = PipelineGroups.of(all, by, open(exchange));
    boolean drawn = after.isEmpty() && !matching.isEmpty();
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("rows", rows);
    parameters.put("query", query);
    parameters.put("after", after);
    parameters.put("count", matching.size());
    parameters.put("counted", after.isEmpty() && page.next().isEmpty());
    parameters.put("more", page.next().isPresent());
    parameters.put("total", all.size());
    parameters.put("by", by);
    parameters.put("groups", groups);
    parameters.put(
        "map",
        drawn
            ? PipelineMap.of(dassie, all, query.isEmpty() ? List.of() : matching, groups)
            : PipelineMap.NONE);
    parameters.put("next", next);
    screen.show(
        exchange,
        "pipelines",
        screen.frame("Pipelines", "pipelines", true, "Pipelines"),
        parameters);
  }

  private static PipelineGroups.By by(Exchange exchange, List<Pipeline> shown) {
    Optional<String> word = exchange.text("group");
    if (word.isEmpty()) {
      return PipelineGroups.usual(shown);
    }
    return Arrays.stream(PipelineGroups.By.values())
        .filter(one -> one.word().equals(word.get()))
        .findFirst()
        .orElseThrow(() ->
            new Fault.Invalid(
                    "The query parameter `group`", word.get(), "`none`, `prefix` or `project`")
                .asException());
  }

  private static Set<String> open(Exchange exchange) {
    return exchange
        .text("open")
        .map(text -> Set.copyOf(Arrays.asList(text.split(",", OPEN))))
        .orElse(Set.of());
  }

  private static boolean matches(Pipeline pipeline, String query) {
    return pipeline
        .spec()
        .repo()
        .toString()
        .toLowerCase(Locale.ROOT)
        .contains(query.toLowerCase(Locale.ROOT));
  }

  private List<PipelineRow> rows(List<Pipeline> pipelines, int jobs) {
    Map<RepoName, List<Job>> newest =
        dassie.jobs().newest(pipelines.stream().map(one -> one.spec().repo()).toList(), jobs);
    return pipelines.stream()
        .map(one -> new PipelineRow(one, newest.getOrDefault(one.spec().repo(), List.of())))
        .toList();
  }

  private static String name(Exchange exchange) {
    return Names.check("pipeline", exchange.path("name"));
  }

  private void show(Exchange exchange) {
    Pipeline pipeline = dassie.pipelines().inspect(Place.project(exchange), name(exchange));
    RepoName repo = pipeline.spec().repo();
    PipelineRow row = rows(List.of(pipeline), STRIP).getFirst();
    Page<Commit> commits =
        dassie
            .versions()
            .commits(
                pipeline.spec().specRepo(),
                commit -> true,
                Screen.kept(exchange, "after"),
                VERSIONS);
    List<PipelineVersion> versions = commits.items().stream().map(this::version).toList();
    screen.show(
        exchange,
        "pipeline",
        screen.frame(
            repo.toString(), "pipelines", true, "Pipelines", "/pipelines", repo.toString()),
        Map.of(
            "pipeline", pipeline,
            "row", row,
            "jobs", row.jobs().stream().limit(JOBS).toList(),
            "versions", versions,
            "next", commits.next(),
            "text", dassie.pipelines().text(pipeline.specCommit()),
            "process", process(repo),
            "answer", answer(repo)));
  }

  private PipelineVersion version(Commit commit) {
    Optional<Pipeline> version = dassie.pipelines().version(commit.name());
    boolean code = dassie.pipelines().source(commit.name()).isPresent();
    return new PipelineVersion(commit, version, code);
  }

  private Optional<Status> process(RepoName repo) {
    return dassie.standing().status(repo);
  }

  /// Why it stands where it stands; nothing where that cannot be told, such as before its first
  /// commit.
  private Optional<Answer> answer(RepoName repo) {
    try {
      return dassie.reasons().about(repo.project(), repo.name()).stream().findFirst();
    } catch (DassieException e) {
      return Optional.empty();
    }
  }

  private void act(Exchange exchange, String what) throws IOException {
    String project = Place.project(exchange);
    String name = name(exchange);
    Call call = exchange.call();
    Pipeline _ =
        switch (what) {
          case "start" -> dassie.pipelines().start(call, project, name);
          case "stop" -> dassie.pipelines().stop(call, project, name);
          default -> dassie.pipelines().rerun(call, project, name, what.equals("reprocess"));
        };
    exchange.drain();
    exchange.redirect(Links.pipeline(project, name));
  }
}
