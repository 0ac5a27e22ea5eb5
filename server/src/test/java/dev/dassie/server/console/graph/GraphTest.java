package dev.dassie.server.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where the layout puts things.
class GraphTest {
  private static Graph random(long seed, int nodes) {
    Random random = new Random(seed);
    List<String> names = new ArrayList<>();
    List<Graph.Edge> edges = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      names.add("n" + i);
      for (int j = 0; i > 0 && j < 2; j++) {
        edges.add(new Graph.Edge("n" + random.nextInt(Math.max(0, i - 20), i), "n" + i));
      }
    }
    return new Graph(names, edges);
  }

  @Test
  void everyNodeStandsRightOfWhatItReads() {
    for (int seed = 0; seed < 20; seed++) {
      Graph graph = random(seed, 60);

      Map<String, Drawing.Box> boxes = new HashMap<>();
      graph.draw().boxes().forEach(box -> boxes.put(box.id(), box));

      assertThat(boxes).hasSize(60);
      assertThat(graph.edges())
          .allSatisfy(edge ->
              assertThat(boxes.get(edge.to()).x())
                  .isGreaterThanOrEqualTo(boxes.get(edge.from()).x() + Graph.WIDTH));
    }
  }

  @Test
  void noTwoBoxesOverlapAndAllAreWithinTheDrawing() {
    for (int seed = 0; seed < 20; seed++) {
      Drawing drawing = random(seed, 80).draw();

      for (Drawing.Box a : drawing.boxes()) {
        assertThat(a.y()).isBetween(0, drawing.height() - Graph.HEIGHT);
        assertThat(a.x()).isBetween(0, drawing.width() - Graph.WIDTH);
        for (Drawing.Box b : drawing.boxes()) {
          boolean apart = a.x() != b.x() || Math.abs(a.y() - b.y()) >= Graph.HEIGHT;
          assertThat(a.equals(b) || apart).as("%s and %s", a, b).isTrue();
        }
      }
    }
  }

  @Test
  void aLayerOfManyBoxesStandsInColumns() {
    List<String> names = new ArrayList<>(List.of("from", "to"));
    List<Graph.Edge> edges = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      names.add("n" + i);
      edges.add(new Graph.Edge("from", "n" + i));
      edges.add(new Graph.Edge("n" + i, "to"));
    }

    Drawing drawing = new Graph(names, edges).draw();

    assertThat(drawing.height()).isLessThan(20 * Graph.HEIGHT + 20 * Graph.HEIGHT / 2);
    assertThat(drawing.boxes().stream().map(Drawing.Box::x).distinct()).hasSize(5);
    assertThat(drawing.lines()).hasSize(80);
  }

  @Test
  void crossingsThatNeedNotBeAreUndone() {
    Graph graph =
        new Graph(
            List.of("a", "b", "c", "x", "y", "z"),
            List.of(new Graph.Edge("a", "z"), new Graph.Edge("b", "y"), new Graph.Edge("c", "x")));

    assertThat(new Layers(graph).crossings()).isZero();
  }

  @Test
  void aCircleDoesNotHangIt() {
    Graph graph =
        new Graph(List.of("a", "b"), List.of(new Graph.Edge("a", "b"), new Graph.Edge("b", "a")));

    assertThat(graph.draw().boxes()).extracting(Drawing.Box::x).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void thePartAroundANodeHasItsNeighboursAlone() {
    Graph graph =
        new Graph(
            List.of("a", "b", "c", "d"),
            List.of(new Graph.Edge("a", "b"), new Graph.Edge("b", "c"), new Graph.Edge("c", "d")));

    assertThat(graph.around(Set.of("b"), 1).nodes()).containsExactly("a", "b", "c");
  }
}
