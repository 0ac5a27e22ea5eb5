package dev.dassie.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// What happens when Dassie itself is at fault: the trace goes to a file, the person gets a
/// sentence with an id.
final class Bug {
  private Bug() {}

  /// Keeps the trace below the home folder and answers the sentence for the person. Where the file
  /// cannot be written, the sentence carries the first line of the trace instead.
  static String report(Throwable bug, List<String> arguments, Path home) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    StringWriter trace = new StringWriter();
    bug.printStackTrace(new PrintWriter(trace));
    Path file = home.resolve("bugs").resolve(id + ".txt");
    String verb = arguments.isEmpty() ? "" : arguments.get(0);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "%s dassie %s …%n%s".formatted(Instant.now(), verb, trace));
      return "This is a bug in Dassie, id `%s`.\nHint: Please report it with the file `%s`."
          .formatted(id, file);
    } catch (IOException e) {
      return "This is a bug in Dassie, id `%s`: %s\nHint: Please report it with this line."
          .formatted(id, bug);
    }
  }
}
