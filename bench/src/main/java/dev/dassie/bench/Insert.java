package dev.dassie.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// P9: a file of 1 GiB is put, then again with one byte more in its middle; what the store grew by.
final class Insert implements Main.Benchmark {
  private static final int MEBIBYTES = 1024;
  private static final double LIMIT_KIB = 2048;

  @Override
  public List<Figure> run() throws Exception {
    try (RealServer server = RealServer.started()) {
      server.dassie("create", "repo", "big");
      Path source = server.folder().resolve("source.bin");
      Trees.writeFile(source, MEBIBYTES, -1, 9);
      server.dassie("put", "file", "big@master:/file", "-f", source.toString());
      long before = server.packBytes();
      Trees.writeFile(source, MEBIBYTES, MEBIBYTES / 2, 9);
      if (Files.size(source) != ((long) MEBIBYTES << 20) + 1) {
        throw new IllegalStateException("the file did not grow by one byte");
      }
      server.dassie("put", "file", "big@master:/file", "-f", source.toString());
      double grown = (server.packBytes() - before) / 1024.0;
      return List.of(
          new Figure(
              "P9",
              "1-byte insert in the middle of 1 GiB, newly stored",
              grown,
              "KiB",
              LIMIT_KIB,
              "≤ 2 MiB",
              grown > 0 && grown <= LIMIT_KIB));
    }
  }
}
