package dev.dassie.server.console.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Nodes, and edges from what is read to what reads it.
public record Graph(List<String> nodes, List<Edge> edges) {
  /// Pixels of a node, and between nodes.
  public static final int WIDTH = 184;

  public static final int HEIGHT = 48;
  private static final int BETWEEN_LAYERS = 52;
  private static final int BETWEEN_NODES = 18;
  private static final int BEND = 10;
  private static final int MARGIN = 12;
  private static final int ROUNDS = 6;

  /// Edges of which an end is no node are left out, and so are repeated ones.
  public Graph {
    Set<String> known = new HashSet<>(nodes);
    nodes = List.copyOf(nodes);
    edges =
        edges.stream()
            .filter(edge -> known.contains(edge.from()) && known.contains(edge.to()))
            .distinct()
            .toList();
  }

  /// From what is read to what reads it.
  public record Edge(String from, String to) {}

  /// The part of it around some nodes.
  public Graph around(Set<String> some, int steps) {
    Set<String> reached = Layers.around(this, some, steps);
    return new Graph(nodes.stream().filter(reached::contains).toList(), edges);
  }

  /// Where everything stands.
  public Drawing draw() {
    Layers layers = new Layers(this);
    Map<Layers.Spot, Double> middles = middles(layers);
    double top =
        middles.entrySet().stream()
            .mapToDouble(one -> one.getValue() - half(one.getKey()))
            .min()
            .orElse(0);
    double bottom =
        middles.entrySet().stream()
            .mapToDouble(one -> one.getValue() + half(one.getKey()))
            .max()
            .orElse(0);
    List<Drawing.Box> boxes = new ArrayList<>();
    Map<Layers.Spot, int[]> places = new HashMap<>();
    int x = MARGIN;
    for (List<Layers.Spot> layer : layers.layers()) {
      for (Layers.Spot spot : layer) {
        int middle = (int) Math.round(middles.getOrDefault(spot, 0.0) - top) + MARGIN;
        places.put(spot, new int[] {x, middle});
        if (!spot.bend()) {
          boxes.add(new Drawing.Box(spot.id(), x, middle - HEIGHT / 2));
        }
      }
      x += WIDTH + BETWEEN_LAYERS;
    }
    List<Drawing.Line> lines = new ArrayList<>();
    layers
        .ways()
        .forEach(
            (edge, way) -> lines.add(new Drawing.Line(edge.from(), edge.to(), path(way, places))));
    return new Drawing(
        boxes,
        lines,
        Math.max(x - BETWEEN_LAYERS + MARGIN, 2 * MARGIN),
        (int) Math.ceil(bottom - top) + 2 * MARGIN);
  }

  /// The middle of each spot: beside its neighbours as far as its layer has room.
  private static Map<Layers.Spot, Double> middles(Layers layers) {
    Map<Layers.Spot, Double> middles = new HashMap<>();
    for (List<Layers.Spot> layer : layers.layers()) {
      double y = 0;
      double total = layer.stream().mapToDouble(spot -> 2 * half(spot) + BETWEEN_NODES).sum();
      for (Layers.Spot spot : layer) {
        middles.put(spot, y + half(spot) - total / 2);
        y += 2 * half(spot) + BETWEEN_NODES;
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      boolean right = round % 2 == 0;
      int count = layers.layers().size();
      for (int i = 0; i < count; i++) {
        settle(layers, layers.layers().get(right ? i : count - 1 - i), middles, right);
      }
    }
    return middles;
  }

  /// Moves the spots of a layer to the mean of their neighbours, then apart where they are too
  /// close, once from above and once from below; the mean of both is fair to all.
  private static void settle(
      Layers layers, List<Layers.Spot> layer, Map<Layers.Spot, Double> middles, boolean right) {
    double[] wanted = new double[layer.size()];
    for (int i = 0; i < wanted.length; i++) {
      Layers.Spot spot = layer.get(i);
      double own = middles.getOrDefault(spot, 0.0);
      wanted[i] =
          (right ? layers.before(spot) : layers.after(spot))
              .stream().mapToDouble(one -> middles.getOrDefault(one, 0.0)).average().orElse(own);
    }
    double[] down = wanted.clone();
    double[] up = wanted.clone();
    for (int i = 1; i < wanted.length; i++) {
      down[i] = Math.max(down[i], down[i - 1] + apart(layer.get(i - 1), layer.get(i)));
    }
    for (int i = wanted.length - 2; i >= 0; i--) {
      up[i] = Math.min(up[i], up[i + 1] - apart(layer.get(i), layer.get(i + 1)));
    }
    for (int i = 0; i < wanted.length; i++) {
      middles.put(layer.get(i), (down[i] + up[i]) / 2);
    }
  }

  private static double half(Layers.Spot spot) {
    return (spot.bend() ? BEND : HEIGHT) / 2.0;
  }

  private static double apart(Layers.Spot above, Layers.Spot below) {
    return half(above) + half(below) + BETWEEN_NODES;
  }

  /// From the right side of the first to the left side of the last, through the bends.
  private static String path(List<Layers.Spot> way, Map<Layers.Spot, int[]> places) {
    StringBuilder path = new StringBuilder();
    int[] first = places.getOrDefault(way.getFirst(), new int[2]);
    int x = first[0] + WIDTH;
    int y = first[1];
    path.append("M%d %d".formatted(x, y));
    for (Layers.Spot spot : way.subList(1, way.size())) {
      int[] next = places.getOrDefault(spot, new int[2]);
      int middle = (x + next[0]) / 2;
      path.append(
          String.format(
              Locale.ROOT, "C%d %d %d %d %d %d", middle, y, middle, next[1], next[0], next[1]));
      x = next[0];
      y = next[1];
      if (spot.bend()) {
        x += WIDTH;
        path.append("H%d".formatted(x));
      }
    }
    return path.toString();
  }
}
