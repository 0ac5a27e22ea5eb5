package dev.dassie.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Runs the benchmarks named by the arguments (all without arguments) and prints a Markdown table,
/// which is also left in `target/bench.md`. Ends with 1 where one of them broke off.
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

  public static void main(String[] names) throws IOException, InterruptedException {
    Map<String, Benchmark> all = all();
    Set<Benchmark> chosen = new LinkedHashSet<>();
    for (String name : names.length == 0 ? all.keySet().toArray(String[]::new) : names) {
      Benchmark benchmark = all.get(name);
      if (benchmark == null) {
        System.err.printf("No benchmark is named `%s`, expected one of %s.%n", name, all.keySet());
        System.exit(2);
        return;
      }
      chosen.add(benchmark);
    }
    List<String> table = new ArrayList<>(Figure.header().lines().toList());
    List<String> more = new ArrayList<>();
    table.forEach(System.out::println);
    boolean failed = false;
    for (Benchmark benchmark : chosen) {
      List<String> rows = new ArrayList<>();
      try {
        benchmark.run().forEach(figure -> rows.add(figure.row()));
        more.addAll(benchmark.appendix());
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        // One that breaks off must not cost the others, and must not be overlooked.
        failed = true;
        String name = benchmark.getClass().getSimpleName();
        say("BENCHMARK FAILED: %s: %s", name, e);
        rows.add("| %s | FAILED: %s | | | | | | |".formatted(name, e.getMessage()));
      }
      rows.forEach(System.out::println);
      table.addAll(rows);
      write(table, more);
    }
    more.forEach(System.out::println);
    System.exit(failed ? 1 : 0);
  }

  /// After each benchmark, so that a run that is stopped leaves what it has.
  private static void write(List<String> table, List<String> more) throws IOException {
    List<String> lines = new ArrayList<>(table);
    lines.add("");
    lines.addAll(more);
    Files.write(Files.createDirectories(Path.of("target")).resolve("bench.md"), lines);
  }

  /// The benchmarks by the budgets that they measure.
  private static Map<String, Benchmark> all() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    Benchmark many = new ManyFiles(3, true);
    Benchmark million = new Million(Integer.getInteger("checkout", 1_000_000));
    all.put("P1", new BigFile(2048, 3, true));
    all.put("P2", many);
    all.put("P8", many);
    all.put("P3", million);
    all.put("P4", million);
    all.put("P9", new Insert());
    all.put("W", new SideBySide());
    all.put("P5", new NoopDatums());
    all.put("P6", new Stages());
    all.put("plan", new Planning());
    all.put("P7", new Chain());
    all.put("P10", new StartUp());
    all.put("P11", new SmallHeap());
    all.put("P12", new Questions());
    all.put("P14", new ConsolePages());
    all.put("P13", new Gateway());
    return all;
  }
}
