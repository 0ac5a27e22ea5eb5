package dev.dassie.cli.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The terminal that a person sits at, through the program `stty` of the system.
///
/// @param settings as `stty -g` prints them
record Screen(int rows, int columns, String settings) {
  private static final int ROWS = 24;
  private static final int COLUMNS = 80;

  /// Puts back what was before.
  interface Raw extends AutoCloseable {
    @Override
    void close();
  }

  /// The terminal of this process; none where input or output is not one.
  static Optional<Screen> ofProcess() throws IOException, InterruptedException {
    if (!isTerminal(0) || !isTerminal(1)) {
      return Optional.empty();
    }
    Optional<String> size = stty(List.of("size"));
    Optional<String> settings = stty(List.of("-g"));
    if (size.isEmpty() || settings.isEmpty() || !size.get().matches("\\d{1,4} \\d{1,4}")) {
      return Optional.empty();
    }
    String[] sides = size.get().split(" ", 2);
    return Optional.of(new Screen(side(sides[0], ROWS), side(sides[1], COLUMNS), settings.get()));
  }

  /// A terminal that does not know its size says 0.
  private static int side(String said, int otherwise) {
    int side = Integer.parseInt(said);
    return side == 0 ? otherwise : side;
  }

  /// Passes every key on as it is typed, until it is closed or the process ends.
  Raw raw() throws IOException, InterruptedException {
    Thread restore = new Thread(this::restore, "dassie-screen");
    Runtime.getRuntime().addShutdownHook(restore);
    Optional<String> _ = stty(List.of("raw", "-echo"));
    return () -> {
      restore();
      Runtime.getRuntime().removeShutdownHook(restore);
    };
  }

  private void restore() {
    try {
      Optional<String> _ = stty(List.of(settings));
    } catch (IOException e) {
      return; // there is no terminal any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<String> stty(List<String> words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] output = process.getInputStream().readNBytes(4096);
    return process.waitFor() == 0
        ? Optional.of(new String(output, StandardCharsets.UTF_8).strip())
        : Optional.empty();
  }
}
