package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.job.Job;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.server.console.graph.Drawing;
import dev.dassie.server.console.graph.Graph;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pipelines laid out as a graph.
///
/// @param hidden boxes that it lacks
public record PipelineMap(List<PipelineNode> nodes, Drawing drawing, int hidden) {
  /// Boxes of one graph; of more the page shows those around what is searched for.
  static final int BOXES = 200;

  static final PipelineMap NONE =
      new PipelineMap(List.of(), new Drawing(List.of(), List.of(), 0, 0), 0);

  private static final String GROUP = "\0";

  public PipelineMap {
    nodes = List.copyOf(nodes);
  }

  /// @param around what the reader searched for; empty for all
  static PipelineMap of(
      Dassie dassie, List<Pipeline> all, Collection<Pipeline> around, PipelineGroups groups) {
    Map<String, Pipeline> pipelines = new LinkedHashMap<>();
    all.forEach(pipeline -> pipelines.put(pipeline.spec().repo().key(), pipeline));
    Map<String, String> closed = groups.closed();
    Graph graph = graph(all, closed);
    if (!around.isEmpty()) {
      Set<String> some =
          around.stream()
              .map(one -> box(one.spec().repo().key(), closed))
              .collect(Collectors.toSet());
      graph = graph.around(some, 1);
    }
    int whole = graph.nodes().size();
    if (whole > BOXES) {
      graph = new Graph(graph.nodes().subList(0, BOXES), graph.edges());
    }
    return drawn(dassie, graph, pipelines, groups, whole - graph.nodes().size());
  }

  private static String box(String key, Map<String, String> closed) {
    String group = closed.get(key);
    return group == null ? key : GROUP + group;
  }

  private static Graph graph(List<Pipeline> all, Map<String, String> closed) {
    Set<String> ids = new LinkedHashSet<>();
    List<Pipeline> ordered = new ArrayList<>(all);
    ordered.sort(Comparator.comparing(one -> one.spec().repo().key(), NaturalOrder.NAMES));
    List<Graph.Edge> edges = new ArrayList<>();
    for (Pipeline pipeline : ordered) {
      String to = box(pipeline.spec().repo().key(), closed);
      for (RepoName read :
          pipeline.spec().input().branches().stream().map(branch -> branch.repo()).toList()) {
        String from = box(read.key(), closed);
        ids.add(from);
        if (!from.equals(to)) {
          edges.add(new Graph.Edge(from, to));
        }
      }
      ids.add(to);
    }
    return new Graph(List.copyOf(ids), edges);
  }

  private static PipelineMap drawn(
      Dassie dassie,
      Graph graph,
      Map<String, Pipeline> pipelines,
      PipelineGroups groups,
      int hidden) {
    Set<RepoName> asked = new LinkedHashSet<>();
    for (String id : graph.nodes()) {
      for (String key : keys(id, groups)) {
        Optional.ofNullable(pipelines.get(key)).ifPresent(one -> asked.add(one.spec().repo()));
      }
    }
    Map<RepoName, List<Job>> jobs = dassie.jobs().newest(asked, 1);
    Drawing drawing = graph.draw();
    List<PipelineNode> nodes = new ArrayList<>();
    for (Drawing.Box box : drawing.boxes()) {
      List<PipelineRow> rows =
          keys(box.id(), groups).stream()
              .map(pipelines::get)
              .filter(java.util.Objects::nonNull)
              .map(one -> new PipelineRow(one, jobs.getOrDefault(one.spec().repo(), List.of())))
              .toList();
      nodes.add(box.id().startsWith(GROUP) ? group(box, rows) : node(box, rows));
    }
    return new PipelineMap(nodes, drawing, hidden);
  }

  private static List<String> keys(String box, PipelineGroups groups) {
    return box.startsWith(GROUP)
        ? groups.members().getOrDefault(box.substring(1), List.of())
        : List.of(box);
  }

  private static PipelineNode node(Drawing.Box box, List<PipelineRow> rows) {
    RepoName repo = RepoName.parse(RepoName.DEFAULT_PROJECT, box.id());
    Optional<PipelineRow> row = rows.stream().findFirst();
    boolean pipeline = row.isPresent();
    return new PipelineNode(
        repo.toString(),
        pipeline ? Links.pipeline(repo.project(), repo.name()) : Links.repo(repo),
        Optional.empty(),
        pipeline,
        row.map(PipelineRow::state).orElse(""),
        row.map(PipelineNode::note).orElse("repo"),
        box.x(),
        box.y());
  }

  /// A box of several: in the state of the worst of them.
  private static PipelineNode group(Drawing.Box box, List<PipelineRow> rows) {
    Map<String, Long> states = new TreeMap<>();
    for (PipelineRow row : rows) {
      long _ = states.merge(row.state().isEmpty() ? "not run" : row.state(), 1L, Long::sum);
    }
    String worst =
        List.of("failed", "unrunnable", "running", "waiting", "stopped", "success").stream()
            .filter(states::containsKey)
            .findFirst()
            .orElse("");
    String group = box.id().substring(1);
    return new PipelineNode(
        group + " … (" + Say.count(rows.size()) + ")",
        "",
        Optional.of(group),
        true,
        worst,
        states.size() == 1 && !worst.isEmpty()
            ? "all " + worst
            : states.entrySet().stream()
                .map(one -> Say.count(one.getValue()) + " " + one.getKey())
                .collect(Collectors.joining(", ")),
        box.x(),
        box.y());
  }
}
