package dev.dassie.server.console.graph;

import java.util.List;

/// Where everything of a graph stands, in pixels from the upper left.
public record Drawing(List<Box> boxes, List<Line> lines, int width, int height) {
  public Drawing {
    boxes = List.copyOf(boxes);
    lines = List.copyOf(lines);
  }

  /// A node; `x` and `y` are its upper left corner.
  public record Box(String id, int x, int y) {}

  /// An edge, as the path of an SVG.
  public record Line(String from, String to, String path) {}
}
