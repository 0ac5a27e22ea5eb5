package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.job.standing.Status;
import dev.dassie.lineage.reason.Answer;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.server.console.graph.Drawing;
import dev.dassie.server.console.graph.Graph;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.Names;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All pipelines as a graph and a list, and one pipeline.
final class PipelinePages {
  /// Boxes of one graph; of more the page shows those around what is searched for, or needs a look.
  private static final int BOXES = 200;

  private static final int ALL = 2_000;
  private static final int ROWS = 50;
  private static final int STRIP = 20;
  private static final int JOBS = 10;
  private static final String ONE = "/pipelines/{project}/{name}";

  private final Dassie dassie;
  private final Screen screen;

  PipelinePages(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/pipelines", this::list, "q", "after"),
        screen.get(ONE, this::show),
        screen.post(ONE + "/start", exchange -> act(exchange, "start")),
        screen.post(ONE + "/stop", exchange -> act(exchange, "stop")),
        screen.post(ONE + "/rerun", exchange -> act(exchange, "rerun")),
        screen.post(ONE + "/reprocess", exchange -> act(exchange, "reprocess")));
  }

  private void list(Exchange exchange) {
    String query = Screen.kept(exchange, "q").strip();
    Page<Pipeline> all = dassie.pipelines().list(Optional.empty(), "", ALL);
    List<Pipeline> matching =
        all.items().stream().filter(pipeline -> matches(pipeline, query)).toList();
    String after = Screen.kept(exchange, "after");
    List<Pipeline> page =
        matching.stream()
            .filter(pipeline -> pipeline.spec().repo().key().compareTo(after) > 0)
            .toList();
    List<PipelineRow> rows =
        page.stream().limit(ROWS).map(pipeline -> row(pipeline, STRIP)).toList();
    Optional<String> next =
        page.size() > ROWS
            ? Optional.of(rows.getLast().pipeline().spec().repo().key())
            : Optional.empty();
    Shape shape = after.isEmpty() ? shape(all.items(), matching, query) : Shape.NONE;
    screen.show(
        exchange,
        "pipelines",
        screen.frame("Pipelines", "pipelines", true, "Pipelines"),
        Map.of(
            "rows", rows,
            "query", query,
            "after", after,
            "count", matching.size(),
            "total", all.items().size(),
            "nodes", shape.nodes(),
            "hidden", shape.hidden(),
            "drawing", shape.drawing(),
            "next", next));
  }

  private static boolean matches(Pipeline pipeline, String query) {
    return pipeline
        .spec()
        .repo()
        .toString()
        .toLowerCase(Locale.ROOT)
        .contains(query.toLowerCase(Locale.ROOT));
  }

  private PipelineRow row(Pipeline pipeline, int jobs) {
    return new PipelineRow(
        pipeline,
        dassie
            .jobs()
            .list(
                pipeline.spec().project(),
                Optional.of(pipeline.spec().name()),
                Optional.empty(),
                "",
                jobs)
            .items());
  }

  /// A graph that was laid out, and how many boxes it lacks.
  private record Shape(List<PipelineNode> nodes, Drawing drawing, int hidden) {
    static final Shape NONE = new Shape(List.of(), new Drawing(List.of(), List.of(), 0, 0), 0);
  }

  private Shape shape(List<Pipeline> all, List<Pipeline> matching, String query) {
    Map<String, Pipeline> pipelines = new LinkedHashMap<>();
    all.forEach(pipeline -> pipelines.put(pipeline.spec().repo().key(), pipeline));
    Set<String> ids = new LinkedHashSet<>();
    List<Graph.Edge> edges = new ArrayList<>();
    for (Pipeline pipeline : all) {
      String to = pipeline.spec().repo().key();
      pipeline.spec().input().branches().stream()
          .map(branch -> branch.repo().key())
          .forEach(from -> {
            ids.add(from);
            edges.add(new Graph.Edge(from, to));
          });
      ids.add(to);
    }
    Graph graph = new Graph(List.copyOf(ids), edges);
    if (!query.isEmpty()) {
      graph =
          graph.around(
              matching.stream().map(one -> one.spec().repo().key()).collect(Collectors.toSet()), 1);
    }
    int whole = graph.nodes().size();
    if (whole > BOXES) {
      graph = new Graph(graph.nodes().subList(0, BOXES), graph.edges());
    }
    Drawing drawing = graph.draw();
    List<PipelineNode> nodes = new ArrayList<>();
    for (Drawing.Box box : drawing.boxes()) {
      nodes.add(node(box, Optional.ofNullable(pipelines.get(box.id()))));
    }
    return new Shape(nodes, drawing, whole - graph.nodes().size());
  }

  private PipelineNode node(Drawing.Box box, Optional<Pipeline> pipeline) {
    Optional<PipelineRow> row = pipeline.map(one -> row(one, 1));
    return new PipelineNode(
        RepoName.parse(RepoName.DEFAULT_PROJECT, box.id()),
        pipeline.isPresent(),
        row.map(PipelineRow::state).orElse(""),
        row.flatMap(PipelineRow::newest),
        box.x(),
        box.y());
  }

  private static String name(Exchange exchange) {
    return Names.check("pipeline", exchange.path("name"));
  }

  private void show(Exchange exchange) {
    Pipeline pipeline = dassie.pipelines().inspect(Place.project(exchange), name(exchange));
    RepoName repo = pipeline.spec().repo();
    PipelineRow row = row(pipeline, STRIP);
    List<Commit> versions =
        dassie.versions().commits(pipeline.spec().specRepo(), commit -> true, "", JOBS).items();
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
            "text", dassie.pipelines().text(pipeline.specCommit()),
            "process", process(repo),
            "answer", answer(repo)));
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
