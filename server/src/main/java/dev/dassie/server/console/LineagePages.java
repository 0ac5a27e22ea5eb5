package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.DatumView;
import dev.dassie.lineage.Step;
import dev.dassie.lineage.impact.Affected;
import dev.dassie.lineage.impact.Downstream;
import dev.dassie.server.console.graph.Drawing;
import dev.dassie.server.console.graph.Graph;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Shown;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where a file comes from, and what was made from it.
final class LineagePages {
  private static final int STEPS = 60;
  private static final int DEPTH = 10;
  private static final int AFFECTED = 100;
  private static final int MARK = 10;
  private static final String AT = "/data/{project}/{repo}/{commit}";

  private final Dassie dassie;
  private final Screen screen;

  LineagePages(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get(AT + "/lineage", this::why, "path", "depth", "open"),
        screen.get(AT + "/impact", this::impact, "path"));
  }

  private At at(Exchange exchange) {
    Shown shown = Shown.open(exchange, dassie.versions());
    Entry entry = shown.entry(Place.path(exchange));
    return At.of(
        dassie.versions(),
        shown.view().commit(),
        exchange.path("commit"),
        entry.path(),
        shown.view().note());
  }

  private record Key(CommitName commit, FilePath path) {
    String id() {
      return commit.key() + ":" + path;
    }

    /// A short name for it in addresses.
    String mark() {
      return Digest.of(id().getBytes(StandardCharsets.UTF_8)).toString().substring(0, MARK);
    }
  }

  /// Goes upstream level by level, so that what is near is there whatever is behind it; beyond the
  /// depth only from those that the reader opened.
  private void why(Exchange exchange) {
    At at = at(exchange);
    int depth = (int) exchange.number("depth", 1, DEPTH, 1);
    List<String> open =
        exchange.text("open").map(text -> List.of(text.split(",", STEPS))).orElse(List.of());
    Map<Key, LineageStep> steps = new LinkedHashMap<>();
    List<Graph.Edge> edges = new ArrayList<>();
    Deque<Stop> next = new ArrayDeque<>();
    next.add(new Stop(new Key(at.commit().name(), at.path()), 0));
    boolean cut = false;
    while (!next.isEmpty() && !cut) {
      Stop place = next.remove();
      List<Step> found = steps.containsKey(place.key()) ? List.of() : found(place.key());
      cut = !found.isEmpty() && steps.size() == STEPS;
      if (found.isEmpty() || cut) {
        continue;
      }
      List<Key> inputs = inputs(found);
      String mark = place.key().mark();
      boolean expanded = place.depth() < depth || open.contains(mark);
      boolean more = !expanded && !inputs.isEmpty();
      steps.put(place.key(), new LineageStep(place.depth(), found.getFirst(), mark, more));
      for (Key input : inputs) {
        edges.add(new Graph.Edge(input.id(), place.key().id()));
        if (expanded) {
          next.add(new Stop(input, place.depth() + 1));
        }
      }
    }
    Drawing drawing = new Graph(steps.keySet().stream().map(Key::id).toList(), edges).draw();
    Map<String, LineageStep> byId = new LinkedHashMap<>();
    steps.forEach((key, step) -> byId.put(key.id(), step));
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("at", at);
    parameters.put("steps", List.copyOf(steps.values()));
    parameters.put("byId", byId);
    parameters.put("drawing", drawing);
    parameters.put("depth", depth);
    parameters.put("open", open);
    parameters.put("deeper", depth < DEPTH && steps.values().stream().anyMatch(LineageStep::more));
    parameters.put("cut", cut);
    screen.show(exchange, "lineage", FilePages.frame(screen, at, false, "Lineage"), parameters);
  }

  /// A file on the way, and how many steps it is away.
  private record Stop(Key key, int depth) {}

  /// The step of a file; of a directory also those of files in it, whose makers stand for it.
  private List<Step> found(Key key) {
    Iterator<Step> all = dassie.lineage().why(key.commit(), key.path());
    List<Step> found = new ArrayList<>();
    while (all.hasNext() && found.size() < STEPS) {
      Step step = all.next();
      if (!found.isEmpty() && !(found.getFirst().made() instanceof Step.OfFiles)) {
        break;
      }
      found.add(step);
    }
    return found;
  }

  private static List<Key> inputs(List<Step> found) {
    List<Key> inputs = new ArrayList<>();
    for (Step step : found) {
      if (step.made() instanceof Step.ByDatum datum && step.depth() <= 1) {
        for (DatumView.In input : datum.inputs()) {
          input.commit().ifPresent(commit -> inputs.add(new Key(commit, input.path())));
        }
      }
    }
    return inputs.stream().distinct().toList();
  }

  private void impact(Exchange exchange) {
    At at = at(exchange);
    Commit commit = at.commit();
    List<Affected> affected = new ArrayList<>();
    boolean more;
    try (Downstream all =
        at.path().isRoot()
            ? dassie.impacts().commits(commit)
            : dassie.impacts().files(commit, at.path(), false)) {
      while (affected.size() < AFFECTED && all.hasNext()) {
        affected.add(all.next());
      }
      more = all.hasNext();
    }
    screen.show(
        exchange,
        "impact",
        FilePages.frame(screen, at, false, "Impact"),
        Map.of(
            "at",
            at,
            "affected",
            affected,
            "more",
            more,
            "map",
            affected.isEmpty() ? PipelineMap.NONE : ImpactMap.of(at, affected)));
  }
}
