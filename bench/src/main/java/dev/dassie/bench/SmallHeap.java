package dev.dassie.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// P11: one server with a heap of 512 MiB does the work of P1, P2, P8, P3, P4 and P5 one after
/// another. The figure is the largest heap that was live after a collection; what matters is that
/// all of it was done.
final class SmallHeap implements Main.Benchmark {
  private static final int MEBIBYTES = 512;
  private static final Pattern AFTER = Pattern.compile("->(\\d+)M\\(");

  @Override
  public List<Figure> run() throws Exception {
    Path log = Files.createTempFile("dassie-gc", ".log");
    String options = "-Xmx%dm -Xlog:gc:file=%s".formatted(MEBIBYTES, log);
    String failure = "";
    try (RealServer server = RealServer.started(options)) {
      try {
        tell(new BigFile(2048, 1, false).on(server));
        tell(new ManyFiles(1, false).on(server));
        tell(new Million(0).on(server));
        tell(new NoopDatums().on(server));
      } catch (IllegalStateException e) {
        failure = "; FAILED: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      }
      if (Files.readString(server.home().resolve("server.log")).contains("OutOfMemoryError")) {
        failure += "; the heap was exhausted, says the server's log";
      }
    }
    double peak = 0;
    Matcher collections = AFTER.matcher(Files.readString(log));
    while (collections.find()) {
      peak = Math.max(peak, Double.parseDouble(collections.group(1)));
    }
    Files.delete(log);
    return List.of(
        new Figure(
            "P11",
            "heap after collection, at most, over P1 to P5 on one server with -Xmx512m",
            peak,
            "MiB",
            MEBIBYTES,
            "all of it is done" + failure,
            failure.isEmpty() && peak > 0));
  }

  private static void tell(List<Figure> figures) {
    figures.forEach(figure -> Main.say("with -Xmx512m: %s", figure.row()));
  }
}
