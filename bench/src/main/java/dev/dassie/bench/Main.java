package dev.dassie.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs the benchmarks named by the arguments (all without arguments) and prints a Markdown table.
public final class Main {
  private Main() {}

  /// One benchmark.
  interface Benchmark {
    List<Figure> run() throws Exception;
  }

  public static void main(String[] names) throws Exception {
    Map<String, Benchmark> all = new TreeMap<>();
    all.put("P5", new NoopDatums());
    all.put("P7", new Chain());
    all.put("P10", new StartUp());
    System.out.println(Figure.header());
    for (String name : names.length == 0 ? all.keySet().toArray(String[]::new) : names) {
      Benchmark benchmark = all.get(name);
      if (benchmark == null) {
        System.err.printf("No benchmark is named `%s`, expected one of %s.%n", name, all.keySet());
        System.exit(2);
        return;
      }
      for (Figure figure : benchmark.run()) {
        System.out.println(figure.row());
      }
    }
  }
}
