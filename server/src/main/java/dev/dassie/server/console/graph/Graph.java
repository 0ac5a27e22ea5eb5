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

  /// A layer of more boxes than this stands in several columns, at most so many: a tower of forty
  /// is higher than any screen.
  private static final int TALL = 16;

  private static final int COLUMNS = 3;
  private static final int BETWEEN_COLUMNS = 24;

  private static final Place NOWHERE = new Place(0, 0, 0, 0, 0);

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
    Map<Layers.Spot, Place> places = new HashMap<>();
    int x = MARGIN;
    for (List<Layers.Spot> layer : layers.layers()) {
      int columns = columns(layer);
      int end = x + columns * (WIDTH + BETWEEN_COLUMNS) - BETWEEN_COLUMNS;
      int count = 0;
      for (Layers.Spot spot : layer) {
        int middle = (int) Math.round(middles.getOrDefault(spot, 0.0) - top) + MARGIN;
        int left = x;
        if (!spot.bend()) {
          left += count++ % columns * (WIDTH + BETWEEN_COLUMNS);
          boxes.add(new Drawing.Box(spot.id(), left, middle - HEIGHT / 2));
        }
        places.put(spot, new Place(x, left, spot.bend() ? end : left + WIDTH, end, middle));
      }
      x = end + BETWEEN_LAYERS;
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

  /// A spot as it is drawn.
  ///
  /// @param start of its layer
  /// @param left of its box
  /// @param end of its layer
  private record Place(int start, int left, int right, int end, int y) {}

  private static int columns(List<Layers.Spot> layer) {
    long boxes = layer.stream().filter(spot -> !spot.bend()).count();
    return (int) Math.min(COLUMNS, (boxes + TALL - 1) / TALL);
  }

  /// The middle of each spot: beside its neighbours as far as its layer has room.
  private static Map<Layers.Spot, Double> middles(Layers layers) {
    Map<Layers.Spot, Double> middles = new HashMap<>();
    for (List<Layers.Spot> layer : layers.layers()) {
      double y = 0;
      int columns = Math.max(1, columns(layer));
      double total = layer.stream().mapToDouble(spot -> 2 * half(spot) + BETWEEN_NODES).sum();
      for (Layers.Spot spot : layer) {
        middles.put(spot, (y + half(spot) - total / 2) / columns);
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
    int columns = Math.max(1, columns(layer));
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
      down[i] = Math.max(down[i], down[i - 1] + apart(layer.get(i - 1), layer.get(i)) / columns);
    }
    for (int i = wanted.length - 2; i >= 0; i--) {
      up[i] = Math.min(up[i], up[i + 1] - apart(layer.get(i), layer.get(i + 1)) / columns);
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

  /// From the right side of the first to the left side of the last, through the bends; within a
  /// layer of several columns between their boxes.
  private static String path(List<Layers.Spot> way, Map<Layers.Spot, Place> places) {
    StringBuilder path = new StringBuilder();
    Place at = places.getOrDefault(way.getFirst(), NOWHERE);
    path.append("M%d %d".formatted(at.right(), at.y()));
    for (Layers.Spot spot : way.subList(1, way.size())) {
      Place next = places.getOrDefault(spot, NOWHERE);
      if (at.right() < at.end()) {
        path.append("H%d".formatted(at.end()));
      }
      int middle = (at.end() + next.start()) / 2;
      path.append(
          String.format(
              Locale.ROOT,
              "C%d %d %d %d %d %d",
              middle,
              at.y(),
              middle,
              next.y(),
              next.start(),
              next.y()));
      int to = spot.bend() ? next.end() : next.left();
      if (to > next.start()) {
        path.append("H%d".formatted(to));
      }
      at = next;
    }
    return path.toString();
  }
}
