package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fills up: a clear error, nothing that was acknowledged is lost, and it works again
/// when there is space. The disk is a small file system in memory, mounted in a namespace of its
/// own.
class DiskFullTest {
  @TempDir Path folder;

  @Test
  void aFullDiskIsSaidAndNothingAcknowledgedIsLost() throws Exception {
    Instance dassie = new Instance(folder);
    Files.createDirectories(dassie.home());
    dassie.write(
        "full.sh",
        """
        set -u
        mount -t tmpfs -o size=24m tmpfs $DASSIE_HOME || exit 99
        dassie up || exit 98
        dassie create repo data || exit 97
        head -c 2000000 /dev/urandom > keep
        dassie put file data@master:/keep -f keep || exit 96
        before=$(dassie inspect commit data@master -o json)
        head -c 60000000 /dev/urandom | dassie put file data@master:/huge -f -
        echo "put ended with $?"
        dassie get file data@master:/keep | cmp - keep && echo "kept"
        [ "$before" = "$(dassie inspect commit data@master -o json)" ] && echo "no new commit"
        mount -o remount,size=200m $DASSIE_HOME
        echo again | dassie put file data@master:/again -f - && dassie get file data@master:/again
        dassie down
        """);

    // User and mount namespaces, so that it works as any user and leaves no mount behind.
    Instance.Result result = dassie.run("unshare -rm bash full.sh").expect(0);

    assertThat(result.err()).contains("No space is left");
    assertThat(result.lines()).contains("put ended with 1", "kept", "no new commit", "again");
  }

  /// `-Ddassie.rounds=200` for more.
  private static final int ROUNDS = 4;

  /// Rounds on one disk.
  private static final int BATCH = 10;

  @Test
  void aDiskThatIsFullAtAnyPointLosesNothing() throws Exception {
    long seed = Long.getLong("dassie.seed", System.nanoTime() % 30_000);
    int rounds = Integer.getInteger("dassie.rounds", ROUNDS);
    for (int done = 0; done < rounds; done += BATCH) {
      Path own = Files.createDirectories(folder.resolve("disk" + done));
      fill(new Instance(own), seed + done, Math.min(BATCH, rounds - done));
    }
    System.out.printf("disk full: %d rounds, seed %d%n", rounds, seed);
  }

  private static void fill(Instance dassie, long seed, int rounds) throws Exception {
    Files.createDirectories(dassie.home());
    Path script = ProjectTree.ROOT.resolve("acceptance/src/test/resources/disk-full.sh");

    Instance.Result result =
        dassie.run("unshare -rm bash '%s' %d %d".formatted(script, seed, rounds));

    assertThat(result.exit()).as("seed %s: %s%s", seed, result.out(), result.err()).isZero();
    assertThat(result.out()).contains("refused", "all there: ");
  }
}
