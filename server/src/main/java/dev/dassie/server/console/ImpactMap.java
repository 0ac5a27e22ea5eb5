package dev.dassie.server.console;

import dev.dassie.fileset.FilePath;
import dev.dassie.lineage.impact.Affected;
import dev.dassie.server.console.graph.Drawing;
import dev.dassie.server.console.graph.Graph;
import dev.dassie.version.CommitName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was made from a file, a directory or a commit, as a graph: the nearest of it.
final class ImpactMap {
  /// Boxes beside the one that was asked for.
  private static final int BOXES = 60;

  private ImpactMap() {}

  static PipelineMap of(At at, List<Affected> affected) {
    Map<String, Affected> shown = new LinkedHashMap<>();
    for (Affected one : affected) {
      if (shown.size() < BOXES && !(one instanceof Affected.Cut)) {
        Affected _ = shown.putIfAbsent(id(one), one);
      }
    }
    String root = at.path().isRoot() ? at.commit().name().key() : id(at.commit().name(), at.path());
    List<String> ids = new ArrayList<>(shown.keySet());
    ids.remove(root);
    ids.addFirst(root);
    List<Graph.Edge> edges = new ArrayList<>();
    shown.forEach((id, one) -> {
      String from = from(one);
      // A directory that was asked for stands for all files in it.
      edges.add(new Graph.Edge(shown.containsKey(from) ? from : root, id));
    });
    Drawing drawing = new Graph(ids, edges).draw();
    List<PipelineNode> nodes = new ArrayList<>();
    for (Drawing.Box box : drawing.boxes()) {
      Optional<Affected> one = Optional.ofNullable(shown.get(box.id()));
      nodes.add(
          one.filter(found -> !box.id().equals(root))
              .map(found -> node(found, box))
              .orElseGet(() -> asked(at, box)));
    }
    long all = affected.stream().filter(one -> !(one instanceof Affected.Cut)).count();
    return new PipelineMap(nodes, drawing, (int) (all - shown.size()));
  }

  private static String id(CommitName commit, FilePath path) {
    return commit.key() + ":" + path;
  }

  private static String id(Affected one) {
    return switch (one) {
      case Affected.File file -> id(file.commit(), file.path());
      case Affected.OfCommit commit -> commit.commit().key();
      case Affected.Cut _ -> "";
    };
  }

  private static String from(Affected one) {
    return switch (one) {
      case Affected.File file -> id(file.from().commit(), file.from().path());
      case Affected.OfCommit commit -> commit.from().key();
      case Affected.Cut _ -> "";
    };
  }

  private static PipelineNode asked(At at, Drawing.Box box) {
    boolean root = at.path().isRoot();
    return new PipelineNode(
        root ? at.repo() + "@" + at.shortPlace() : Say.plain(at.path().toString()),
        at.link(at.path()),
        Optional.empty(),
        true,
        "asked",
        at.repo().toString(),
        box.x(),
        box.y());
  }

  private static PipelineNode node(Affected one, Drawing.Box box) {
    return switch (one) {
      case Affected.File file ->
          new PipelineNode(
              Say.plain(file.path().toString()),
              Links.about(file.commit().repo(), file.commit().id().value(), "lineage", file.path()),
              Optional.empty(),
              true,
              "file",
              "by " + file.job().pipeline(),
              box.x(),
              box.y());
      case Affected.OfCommit commit ->
          new PipelineNode(
              commit.commit().repo() + "@" + commit.branch(),
              Links.commit(commit.commit()),
              Optional.empty(),
              true,
              commit.state().equals("finished") ? "success" : commit.state(),
              commit.state() + ", " + Say.count(commit.files(), "file"),
              box.x(),
              box.y());
      case Affected.Cut _ -> throw new IllegalArgumentException("a sentence has no box");
    };
  }
}
