package dev.dassie.executor.container;

import dev.dassie.executor.datum.Workbench;
import dev.dassie.executor.process.ProcessExecutor;
import dev.dassie.executor.process.Sandbox;
import dev.dassie.executor.process.Settings;
import dev.dassie.job.Task;
import java.util.Arrays;
import java.util.List;

/// A driver for budgets: no-op datums one after another, in a sandbox of namespaces and in a
/// container of Podman, in turns. Prints the medians of what one datum costs in all.
final class NoOps {
  private static final int ROUNDS = 7;

  private NoOps() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    try (Podman podman = new Podman();
        Workbench containers = new ContainerBench(podman);
        Workbench processes =
            new Workbench((home, chunks) ->
                new ProcessExecutor(
                    home.resolve("run"),
                    home,
                    chunks,
                    Settings.defaults().withSandbox(Sandbox.NAMESPACES)))) {
      double[] inside = new double[ROUNDS];
      double[] outside = new double[ROUNDS];
      for (int i = -2; i < ROUNDS; i++) {
        double container = millis(containers, count);
        double process = millis(processes, count);
        if (i >= 0) {
          inside[i] = container;
          outside[i] = process;
        }
      }
      Arrays.sort(inside);
      Arrays.sort(outside);
      System.out.printf(
          "%d no-op datums: container %.3f ms each, process %.3f ms each, difference %.3f ms%n",
          count, inside[ROUNDS / 2], outside[ROUNDS / 2], inside[ROUNDS / 2] - outside[ROUNDS / 2]);
    }
  }

  private static double millis(Workbench shop, int count) throws Exception {
    Task.Item[] items = new Task.Item[count];
    for (int i = 0; i < count; i++) {
      items[i] = shop.item();
    }
    Task task = shop.task(Workbench.transform(List.of("true")), items);
    long start = System.nanoTime();
    shop.run(task);
    return (System.nanoTime() - start) / 1e6 / count;
  }
}
