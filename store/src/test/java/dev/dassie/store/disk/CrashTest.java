package dev.dassie.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.content.Packs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that are killed, and real disks that are full.
@Timeout(120)
final class CrashTest {
  private static final int KILLS = 6;
  @TempDir Path folder;

  private static List<String> java(Path folder, long seed) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        ChunkWriter.class.getName(),
        folder.toString(),
        Long.toString(seed));
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void assertAllThere(List<Digest> acknowledged) {
    try (Packs packs =
        new Packs(new DiskObjectStore(folder.resolve("store")), folder.resolve("index"))) {
      assertThat(packs.damaged()).isEmpty();
      for (Digest id : acknowledged) {
        assertThat(Digest.of(packs.read(id))).isEqualTo(id);
      }
    }
  }

  private List<Path> uploads() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("store/tmp"))) {
      return files.toList();
    }
  }

  @Test
  void acknowledgedChunksSurviveKillNineAtAnyMoment() throws Exception {
    Random random = new Random(42);
    List<Digest> acknowledged = new ArrayList<>();
    for (int round = 0; round < KILLS; round++) {
      Process writer = start(java(folder, round));
      // The moment is a number of acknowledgements and then some microseconds of spinning: in the
      // middle of whatever the writer does by then.
      int moment = 1 + random.nextInt(200);
      long nanos = random.nextLong(20_000_000);
      try (BufferedReader out = writer.inputReader(StandardCharsets.US_ASCII)) {
        assertThat(out.readLine()).isEqualTo("READY");
        for (int i = 0; i < moment; i++) {
          acknowledged.add(Digest.parse(out.readLine()));
        }
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        // Process.destroyForcibly would close the pipe, with acknowledgements in it.
        assertThat(writer.toHandle().destroyForcibly()).isTrue();
        out.lines()
            .filter(line -> line.length() == 64)
            .map(Digest::parse)
            .forEach(acknowledged::add);
      }
      assertThat(writer.waitFor()).isEqualTo(128 + 9);

      assertAllThere(acknowledged);
      assertThat(uploads()).isEmpty();
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS);
  }

  /// The command on a disk of 8 MiB of its own: a tmpfs in private namespaces, which root may make,
  /// and others where user namespaces work. Its files are copied to `folder` when it ends.
  private List<String> onSmallDisk(List<String> command) {
    String run = "'" + String.join("' '", command) + "'";
    String script =
        "mount -t tmpfs -o size=8m none '%s' || exit 77; %s; end=$?; cp -a '%s'/. '%s'; exit $end"
            .formatted(disk(), run, disk(), folder);
    return List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script);
  }

  private Path disk() {
    return folder.resolve("disk");
  }

  @Test
  void aFullDiskIsRefusedAndLosesNothing() throws Exception {
    Files.createDirectories(disk());
    Process writer = start(onSmallDisk(java(disk(), 5)));
    List<String> lines = lines(writer);
    if (writer.waitFor() == 77 || lines.isEmpty()) {
      // No namespaces here: a limit on file sizes fails in the same system call.
      writer = limited();
      lines = lines(writer);
    }
    assertRefusedAsFull(writer, lines);
  }

  @Test
  void aLimitOnFileSizesIsAFullDisk() throws Exception {
    Process writer = limited();
    assertRefusedAsFull(writer, lines(writer));
  }

  /// A writer that limits itself to files of 300 kB after its first session.
  private Process limited() throws IOException {
    List<String> command = new ArrayList<>(java(folder, 5));
    command.add("300000");
    return start(command);
  }

  private static List<String> lines(Process writer) throws IOException {
    try (BufferedReader out = writer.inputReader(StandardCharsets.US_ASCII)) {
      return out.lines().toList();
    }
  }

  private void assertRefusedAsFull(Process writer, List<String> lines) throws Exception {
    assertThat(writer.waitFor()).isEqualTo(3);
    assertThat(lines.getLast()).isEqualTo("FULL");
    assertThat(uploads()).isEmpty();
    assertThat(lines).hasSizeGreaterThan(2);
    assertAllThere(lines.stream().filter(l -> l.length() == 64).map(Digest::parse).toList());
  }
}
