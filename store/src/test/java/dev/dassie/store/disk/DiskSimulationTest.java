package dev.dassie.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The disk store and the chunk index under power cuts, kills and full disks, seed by seed.
/// `-Ddassie.seeds=5000` runs more of them, `-Ddassie.seed=17` one alone.
class DiskSimulationTest {
  private static final int SEEDS = 150;
  private static final int LIVES = 8;

  @Test
  void whatWasPublishedIsThereAfterEveryPowerCut() {
    long only = Long.getLong("dassie.seed", -1);
    long first = only >= 0 ? only : 0;
    long seeds = only >= 0 ? 1 : Integer.getInteger("dassie.seeds", SEEDS);
    long operations = 0;
    long start = System.nanoTime();
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        operations += new DiskSimulation(seed).run(LIVES);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + " (repeat with -Ddassie.seed=" + seed + ")", e);
      }
    }
    System.out.printf(
        "crash simulation of the disk: %d seeds, %d lives, %d operations, %d ms%n",
        seeds, seeds * LIVES, operations, (System.nanoTime() - start) / 1_000_000);
    assertThat(operations).isGreaterThan(seeds);
  }
}
