package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The engine under faults, seed by seed. `-Ddassie.seeds=5000` runs more of them,
/// `-Ddassie.seed=17` one alone.
class CrashSimulationTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 60;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedIsThereAfterEveryCrash() throws Exception {
    long only = Long.getLong("dassie.seed", -1);
    long first = only >= 0 ? only : 0;
    long seeds = only >= 0 ? 1 : Integer.getInteger("dassie.seeds", SEEDS);
    long restarts = 0;
    long start = System.nanoTime();
    for (long seed = first; seed < first + seeds; seed++) {
      Path own = java.nio.file.Files.createDirectory(folder.resolve("seed" + seed));
      try {
        restarts += new CrashSimulation(seed, own).run(STEPS);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + " (repeat with -Ddassie.seed=" + seed + ")", e);
      }
      CrashSimulation.delete(own);
    }
    System.out.printf(
        "crash simulation of the engine: %d seeds, %d restarts, %d ms%n",
        seeds, restarts, (System.nanoTime() - start) / 1_000_000);
    assertThat(restarts).isGreaterThan(seeds);
  }
}
