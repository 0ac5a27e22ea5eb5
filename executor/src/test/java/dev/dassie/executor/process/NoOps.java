package dev.dassie.executor.process;

import dev.dassie.job.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A driver for budgets: no-op datums on two threads. Prints the wall time and the median.
final class NoOps {
  private NoOps() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    boolean inputs = arguments.length > 1;
    try (Workshop shop = new Workshop(Sandbox.NAMESPACES)) {
      for (int round = 0; round < 3; round++) {
        run(shop, count, inputs);
      }
    }
  }

  private static void run(Workshop shop, int count, boolean inputs) throws Exception {
    var repo = shop.fileset(Map.of("a", "x".repeat(500), "b", "y".repeat(500)));
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < count; i += 64) {
      Task.Item[] items = new Task.Item[Math.min(64, count - i)];
      for (int j = 0; j < items.length; j++) {
        items[j] = inputs ? shop.item(shop.part("in", repo, j % 2 == 0 ? "a" : "b")) : shop.item();
      }
      tasks.add(shop.task(Workshop.transform(List.of("true")), items));
    }
    long start = System.nanoTime();
    Thread[] threads = new Thread[2];
    for (int t = 0; t < 2; t++) {
      int from = t;
      threads[t] =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = from; i < tasks.size(); i += 2) {
                  try {
                    shop.run(tasks.get(i));
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%d datums, 2 side by side: %.2f s, %.0f/s%n", count, seconds, count / seconds);
    long[] walls = new long[200];
    for (int i = 0; i < walls.length; i++) {
      long before = System.nanoTime();
      shop.run(shop.task(Workshop.transform(List.of("true")), shop.item()));
      walls[i] = System.nanoTime() - before;
    }
    Arrays.sort(walls);
    System.out.printf("one datum alone, whole task: p50 %.2f ms%n", walls[100] / 1e6);
  }
}
