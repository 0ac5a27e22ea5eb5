package dev.dassie.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Runs the benchmarks named by the arguments (all without arguments) and prints a Markdown table.
public final class Main {
  private Main() {}

  /// One benchmark.
  interface Benchmark {
    List<Figure> run() throws Exception;

    /// Lines for beneath the table, once it has run.
    default List<String> appendix() {
      return List.of();
    }
  }

  /// How busy the machine is: processes that ran or waited to, over the last minute.
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /// A remark on the run, beside the table.
  static void say(String text, Object... arguments) {
    System.err.printf(Locale.ROOT, text + "%n", arguments);
  }

  public static void main(String[] names) throws Exception {
    Map<String, Benchmark> all = new TreeMap<>();
    all.put("P1", new BigFile(2048, 3, true));
    all.put("P2", new ManyFiles(3, true));
    all.put("P3", new Million(Integer.getInteger("checkout", 100_000)));
    all.put("W1", new SideBySide());
    all.put("P9", new Insert());
    all.put("P5", new NoopDatums());
    all.put("P7", new Chain());
    all.put("P10", new StartUp());
    System.out.println(Figure.header());
    List<String> more = new ArrayList<>();
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
      more.addAll(benchmark.appendix());
    }
    more.forEach(System.out::println);
  }
}
