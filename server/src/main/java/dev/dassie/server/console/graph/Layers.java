package dev.dassie.server.console.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Puts the nodes of a graph in layers (Sugiyama, Tagawa, Toda 1981): each stands right of what it
/// reads; an edge over several layers gets a bend in each. Orders each layer so that few edges
/// cross, by the means of neighbours. Not thread-safe.
final class Layers {
  private static final int SWEEPS = 8;

  /// A place in a layer: a node, or a bend of an edge.
  record Spot(String id, boolean bend) {}

  private final List<List<Spot>> layers = new ArrayList<>();
  private final Map<Spot, List<Spot>> before = new HashMap<>();
  private final Map<Spot, List<Spot>> after = new HashMap<>();
  private final Map<Graph.Edge, List<Spot>> ways = new LinkedHashMap<>();

  Layers(Graph graph) {
    Map<String, Integer> layer = assign(graph);
    for (String node : graph.nodes()) {
      add(new Spot(node, false), layer.getOrDefault(node, 0));
    }
    for (Graph.Edge edge : graph.edges()) {
      route(edge, layer.getOrDefault(edge.from(), 0), layer.getOrDefault(edge.to(), 0));
    }
    order();
  }

  List<List<Spot>> layers() {
    return layers;
  }

  /// The spots of each edge, from left to right.
  Map<Graph.Edge, List<Spot>> ways() {
    return ways;
  }

  List<Spot> before(Spot spot) {
    return before.getOrDefault(spot, List.of());
  }

  List<Spot> after(Spot spot) {
    return after.getOrDefault(spot, List.of());
  }

  /// The length of the longest way to each node; an edge that closes a circle counts for nothing.
  private static Map<String, Integer> assign(Graph graph) {
    Map<String, List<String>> next = new HashMap<>();
    Map<String, Integer> open = new TreeMap<>();
    for (Graph.Edge edge : graph.edges()) {
      next.computeIfAbsent(edge.from(), node -> new ArrayList<>()).add(edge.to());
      open.merge(edge.to(), 1, Integer::sum);
    }
    Map<String, Integer> layer = new HashMap<>();
    Deque<String> ready = new ArrayDeque<>();
    for (String node : graph.nodes()) {
      if (!open.containsKey(node)) {
        ready.add(node);
        layer.put(node, 0);
      }
    }
    Set<String> placed = new HashSet<>();
    for (String start : graph.nodes()) {
      // Of those in a circle nothing is ready: the first of them begins it.
      if (!placed.contains(start) && ready.isEmpty()) {
        ready.add(start);
      }
      while (!ready.isEmpty()) {
        String node = ready.removeFirst();
        if (!placed.add(node)) {
          continue;
        }
        for (String to : next.getOrDefault(node, List.of())) {
          if (!placed.contains(to)) {
            layer.merge(to, layer.getOrDefault(node, 0) + 1, Math::max);
            if (open.merge(to, -1, Integer::sum) == 0) {
              ready.add(to);
            }
          }
        }
      }
    }
    return layer;
  }

  private void add(Spot spot, int layer) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    layers.get(layer).add(spot);
  }

  private void route(Graph.Edge edge, int from, int to) {
    List<Spot> way = new ArrayList<>();
    way.add(new Spot(edge.from(), false));
    for (int layer = from + 1; layer < to; layer++) {
      Spot bend = new Spot(edge.from() + "\0" + edge.to() + "\0" + layer, true);
      add(bend, layer);
      way.add(bend);
    }
    way.add(new Spot(edge.to(), false));
    for (int i = 1; i < way.size(); i++) {
      after.computeIfAbsent(way.get(i - 1), spot -> new ArrayList<>()).add(way.get(i));
      before.computeIfAbsent(way.get(i), spot -> new ArrayList<>()).add(way.get(i - 1));
    }
    ways.put(edge, way);
  }

  /// Sweeps to and fro; the order with the fewest crossings stays.
  private void order() {
    List<List<Spot>> best = copy();
    long fewest = crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean right = sweep % 2 == 0;
      for (int i = 1; i < layers.size(); i++) {
        int at = right ? i : layers.size() - 1 - i;
        sort(layers.get(at), positions(layers.get(right ? at - 1 : at + 1)), right);
      }
      long now = crossings();
      if (now < fewest) {
        fewest = now;
        best = copy();
      }
    }
    layers.clear();
    layers.addAll(best);
  }

  private List<List<Spot>> copy() {
    return new ArrayList<>(
        layers.stream().map(layer -> (List<Spot>) new ArrayList<>(layer)).toList());
  }

  private static Map<Spot, Integer> positions(List<Spot> layer) {
    Map<Spot, Integer> positions = new HashMap<>();
    for (Spot spot : layer) {
      positions.put(spot, positions.size());
    }
    return positions;
  }

  /// By the mean place of the neighbours; a spot without any keeps its own.
  private void sort(List<Spot> layer, Map<Spot, Integer> beside, boolean right) {
    Map<Spot, Double> means = new HashMap<>();
    for (int i = 0; i < layer.size(); i++) {
      Spot spot = layer.get(i);
      double own = i;
      means.put(
          spot,
          (right ? before(spot) : after(spot))
              .stream().mapToInt(one -> beside.getOrDefault(one, 0)).average().orElse(own));
    }
    layer.sort((a, b) -> Double.compare(means.getOrDefault(a, 0.0), means.getOrDefault(b, 0.0)));
  }

  /// How many pairs of edges between neighbouring layers cross.
  long crossings() {
    long count = 0;
    for (int i = 1; i < layers.size(); i++) {
      Map<Spot, Integer> left = positions(layers.get(i - 1));
      List<Integer> ends = new ArrayList<>();
      for (Spot spot : layers.get(i)) {
        List<Integer> from =
            before(spot).stream().map(one -> left.getOrDefault(one, 0)).sorted().toList();
        for (int place : from) {
          count += ends.stream().filter(earlier -> earlier > place).count();
        }
        ends.addAll(from);
      }
    }
    return count;
  }

  /// The nodes that can be reached from one within so many steps, either way.
  static Set<String> around(Graph graph, Set<String> from, int steps) {
    Set<String> reached = new HashSet<>(from);
    for (int step = 0; step < steps; step++) {
      Set<String> more = new HashSet<>();
      for (Graph.Edge edge : graph.edges()) {
        if (reached.contains(edge.from())) {
          more.add(edge.to());
        }
        if (reached.contains(edge.to())) {
          more.add(edge.from());
        }
      }
      reached.addAll(more);
    }
    return reached;
  }
}
