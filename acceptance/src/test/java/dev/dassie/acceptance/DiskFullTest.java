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
  private static final int ROUNDS = 6;

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
    dassie.write(
        "points.sh",
        """
        # Each round leaves a random number of kilobytes, writes until something is refused, and then makes space.
        set -u
        RANDOM=$1
        mount -t tmpfs -o size=64m tmpfs $DASSIE_HOME || exit 99
        dassie up || exit 98
        dassie create repo data || exit 97
        mkdir kept
        head -c 700000 /dev/urandom > large
        attempt() {
          dassie "$@" 2> err
          code=$?
          if [ $code -ne 0 ]; then
            full=$((full + 1))
            [ $code -eq 1 ] && grep -q 'No space is left' err || { echo "round $round: $* ended with $code:"; cat err; exit 90; }
          fi
          return $code
        }
        for round in $(seq $2); do
          full=0
          left=$((RANDOM % 1500))
          avail=$(df --output=avail -k $DASSIE_HOME | tail -1)
          [ $avail -le $left ] || fallocate -l $((avail - left))k $DASSIE_HOME/ballast
          dassie start commit data@open$round > commit 2> err && open=1 || open=
          for i in 1 2 3 4 5 6 7 8; do
            [ $full -eq 0 ] || break
            echo "$round $i $RANDOM" > small
            attempt put file data@master:/s$round-$i -f small && cp small kept/s$round-$i
            { cat small; head -c $((RANDOM * 8)) large; } > more
            [ -z "$open" ] || attempt put file data@open$round:/o$i -f more && [ -n "$open" ] && cp more kept/open$round-$i
            { cat small large; } > big
            attempt put file data@master:/b$round-$i -f big && cp big kept/b$round-$i
          done
          [ -z "$open" ] || { attempt finish commit data@open$round && open=; }
          [ $((round % 3)) -ne 0 ] || kill -9 $(cat $DASSIE_HOME/dassie.pid)
          rm -f $DASSIE_HOME/ballast
          [ $((round % 3)) -ne 0 ] || dassie up || exit 96
          [ -z "$open" ] || dassie finish commit data@open$round || { grep -q . commit && exit 95; }
          cp small kept/again$round
          dassie put file data@master:/again$round -f small || exit 94
          echo "round $round: $left KB left, $full refused"
        done
        for file in kept/*; do
          name=${file#kept/}
          case $name in
            open*) number=${name#open}; address=data@open${number%-*}:/o${number#*-} ;;
            *) address=data@master:/$name ;;
          esac
          dassie get file $address | cmp - $file || { echo "$address is not what was acknowledged"; exit 93; }
        done
        dassie down
        echo "all there: $(ls kept | wc -l)"
        """);
    Instance.Result result = dassie.run("unshare -rm bash points.sh " + seed + " " + rounds);

    assertThat(result.exit()).as("seed %s: %s%s", seed, result.out(), result.err()).isZero();
    assertThat(result.out()).contains("refused", "all there: ");
  }
}
