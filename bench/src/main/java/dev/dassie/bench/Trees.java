package dev.dassie.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.SplittableRandom;

/// Made-up data: incompressible, the same for the same seed.
final class Trees {
  /// Files in a directory.
  static final int FANOUT = 1_000;

  private Trees() {}

  /// The path of file number `index`, 1,000 to a directory.
  static String path(int index) {
    return String.format(Locale.ROOT, "d%04d/f%04d.bin", index / FANOUT, index % FANOUT);
  }

  /// Writes `count` files of `size` random bytes each.
  static void write(Path folder, int count, int size, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[size];
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve(path(i));
      if (i % FANOUT == 0) {
        Files.createDirectories(file.resolveSibling("."));
      }
      random.nextBytes(bytes);
      Files.write(file, bytes);
    }
  }

  /// Writes one file of `mebibytes` MiB of random bytes, with one byte more after `insertAt` MiB
  /// where that is not negative.
  static void writeFile(Path file, int mebibytes, int insertAt, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        if (i == insertAt) {
          out.write(7);
        }
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, java.io.IOException error)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Bytes of all files beneath.
  static long bytes(Path folder) throws IOException {
    long[] sum = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) {
            // A temporary file that is gone by now.
            return FileVisitResult.CONTINUE;
          }
        });
    return sum[0];
  }
}
