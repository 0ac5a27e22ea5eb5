package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a command cost.
///
/// @param wall seconds from before it was started until it had ended
/// @param cpu seconds of processor, user and system, of it and its children
record Timing(double wall, double cpu) {
  /// Runs a command of `builder` to its end; empty where it took longer than `limit` seconds and
  /// was stopped. A command that fails ends the benchmark.
  static Optional<Timing> of(ProcessBuilder builder, Path notes, double limit)
      throws IOException, InterruptedException {
    Path times = notes.resolve("times.txt");
    Path errors = notes.resolve("errors.txt");
    List<String> command = new ArrayList<>();
    // The shell knows what its children used, also of those that have ended.
    command.addAll(
        List.of("bash", "-c", "out=$1; shift; \"$@\"; code=$?; times > \"$out\"; exit $code", "-"));
    command.add(times.toString());
    command.addAll(builder.command());
    builder.command(command);
    builder.redirectError(errors.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    boolean ended = process.waitFor((long) (limit * 1000), TimeUnit.MILLISECONDS);
    double wall = (System.nanoTime() - start) / 1e9;
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return Optional.empty();
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "`%s` failed: %s".formatted(String.join(" ", command), Files.readString(errors)));
    }
    return Optional.of(new Timing(wall, cpu(Files.readString(times))));
  }

  /// The second line of the shell's `times`: user and system of its children, as `0m1.234s`.
  private static double cpu(String times) {
    double sum = 0;
    for (String part : times.strip().split("\n")[1].split(" ")) {
      int minutes = part.indexOf('m');
      sum += Double.parseDouble(part.substring(0, minutes)) * 60;
      sum += Double.parseDouble(part.substring(minutes + 1, part.length() - 1));
    }
    return sum;
  }

  Timing plus(double moreCpu) {
    return new Timing(wall, cpu + moreCpu);
  }
}
