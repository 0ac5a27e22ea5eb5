package dev.dassie.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What it costs this disk, now, to make 4 KiB in a new file durable.
final class Fsync {
  private static final int ROUNDS = 50;

  private Fsync() {}

  /// Milliseconds, the median of 50.
  static double median(Path folder) throws IOException {
    List<Double> taken = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      Path file = folder.resolve("fsync-" + i);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(4096));
        long start = System.nanoTime();
        channel.force(true);
        taken.add((System.nanoTime() - start) / 1e6);
      }
      Files.delete(file);
    }
    return Medians.of(taken);
  }
}
