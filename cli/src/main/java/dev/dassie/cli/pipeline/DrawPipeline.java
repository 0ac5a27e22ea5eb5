package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `draw pipeline`: what reads what in a project, or what read what in one commit set, as a tree,
/// as JSON or for Graphviz.
public final class DrawPipeline implements Action {
  private static final int MOST = 10_000;

  @Mixin private final Scope scope = new Scope();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json, or dot for Graphviz, instead of a tree.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--commit",
      paramLabel = "ID",
      description = "As it was for the commit set of this commit or job, instead of now.")
  private Optional<String> commit = Optional.empty();

  /// Branches, and what reads each: a branch of a pipeline's output where `pipeline` is there.
  private record Graph(
      Map<String, String> pipelines, Map<String, Set<String>> readers, Set<String> derived) {}

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Graph graph = commit.isPresent() ? past(session, commit.get()) : graph(session);
    switch (output.orElse("")) {
      case "" -> tree(session, graph);
      case "json" -> session.print(Json.pretty(json(graph)));
      case "dot" -> dot(session, graph);
      default ->
          throw Problem.invalid("The format is `%s`, expected json or dot.".formatted(output.get()))
              .asException();
    }
    return Exit.OK;
  }

  private Graph graph(Session session) throws IOException, InterruptedException {
    Graph graph = new Graph(new TreeMap<>(), new TreeMap<>(), new HashSet<>());
    try (Lines lines = session.api().lines(Request.get(scope.url() + "/pipelines"))) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        JsonNode pipeline = one.get();
        String name = Cells.text(pipeline, "name");
        String result = named(scope.project(), name, Cells.text(pipeline, "output_branch"));
        graph.pipelines().put(result, name);
        for (JsonNode input : pipeline.path("input_branches")) {
          String branch = named(input);
          graph.readers().computeIfAbsent(branch, key -> new TreeSet<>()).add(result);
          graph.derived().add(result);
        }
      }
    }
    return graph;
  }

  /// From the provenance of the commits of a set, which never changes.
  private Graph past(Session session, String id) throws IOException, InterruptedException {
    Graph graph = new Graph(new TreeMap<>(), new TreeMap<>(), new HashSet<>());
    if (!id.matches("[0-9a-f]{32}")) {
      throw Problem.invalid("The commit is `%s`, expected an id of 32 hex digits.".formatted(id))
          .asException();
    }
    Request set = Request.get("/commit-sets/" + id);
    try (Lines lines = session.api().lines(set)) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        String result = named(one.get());
        String spec = Cells.text(one.get(), "repo") + ".spec";
        for (JsonNode source : one.get().path("provenance")) {
          String repo = Cells.text(source, "repo");
          if (repo.equals(spec)) {
            graph.pipelines().put(result, Cells.text(one.get(), "repo"));
          } else if (!repo.endsWith(".spec")) {
            graph.readers().computeIfAbsent(named(source), key -> new TreeSet<>()).add(result);
            graph.derived().add(result);
          }
        }
      }
    }
    return graph;
  }

  private String named(JsonNode branch) {
    return named(
        Cells.text(branch, "project"), Cells.text(branch, "repo"), Cells.text(branch, "branch"));
  }

  private String named(String project, String repo, String branch) {
    return (project.equals(scope.project()) ? "" : project + "/") + repo + "@" + branch;
  }

  /// Each branch that nothing writes, with what reads it beneath; what was drawn is not drawn
  /// again.
  private static void tree(Session session, Graph graph) {
    Set<String> drawn = new HashSet<>();
    for (String root : graph.readers().keySet()) {
      if (!graph.derived().contains(root)) {
        session.print(root);
        branches(session, graph, root, "", drawn);
      }
    }
    graph.pipelines().keySet().stream()
        .filter(result -> !graph.derived().contains(result))
        .forEach(session::print);
  }

  private static void branches(
      Session session, Graph graph, String from, String indent, Set<String> drawn) {
    List<String> readers = new ArrayList<>(graph.readers().getOrDefault(from, Set.of()));
    for (int i = 0; i < readers.size() && drawn.size() < MOST; i++) {
      String reader = readers.get(i);
      boolean last = i == readers.size() - 1;
      boolean again = !drawn.add(reader) && graph.readers().containsKey(reader);
      session.print(indent + (last ? "└─ " : "├─ ") + reader + (again ? " (see above)" : ""));
      if (!again) {
        branches(session, graph, reader, indent + (last ? "   " : "│  "), drawn);
      }
    }
  }

  private static JsonNode json(Graph graph) {
    ObjectNode json = Json.object();
    ArrayNode nodes = json.putArray("nodes");
    Set<String> all = new TreeSet<>(graph.readers().keySet());
    all.addAll(graph.pipelines().keySet());
    for (String branch : all) {
      nodes
          .addObject()
          .put("branch", branch)
          .put("pipeline", Optional.ofNullable(graph.pipelines().get(branch)).orElse(null));
    }
    ArrayNode edges = json.putArray("edges");
    graph
        .readers()
        .forEach((from, readers) ->
            readers.forEach(to -> edges.addObject().put("from", from).put("to", to)));
    return json;
  }

  private static void dot(Session session, Graph graph) {
    session.print("digraph pipelines {\n  rankdir=LR;");
    graph
        .pipelines()
        .forEach((branch, name) ->
            session.print("  \"%s\" [shape=box, label=\"%s\"];".formatted(branch, name)));
    graph
        .readers()
        .forEach((from, readers) ->
            readers.forEach(to -> session.print("  \"%s\" -> \"%s\";".formatted(from, to))));
    session.print("}");
  }
}
