package dev.dassie.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where a command writes: data to `out` (buffered, flushed at the end), messages to `err`.
///
/// @param bytes standard output itself, for file contents
/// @param colour whether `out` may carry colours
/// @param live whether `err` is a terminal that a progress bar may redraw
public record Terminal(
    PrintStream out, PrintStream err, OutputStream bytes, boolean colour, boolean live) {
  /// The terminal of this process.
  public static Terminal ofProcess(Map<String, String> environment) {
    OutputStream bytes =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    boolean dumb = "dumb".equals(environment.getOrDefault("TERM", "dumb"));
    boolean colour = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty() && isTerminal(1);
    return new Terminal(
        new PrintStream(bytes, false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        bytes,
        colour,
        !dumb && isTerminal(2));
  }

  /// Java can say only whether input and output together are a terminal; the links of `/proc` say
  /// it of each. Where there is no `/proc`, nothing is taken for a terminal.
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /// A message for the person, one or more lines, made harmless.
  public void say(String message) {
    err.println(Safe.paragraph(message));
  }

  /// The text in a colour (an SGR code such as 31, red) where colours are allowed.
  public String painted(String text, int sgr) {
    return colour ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }
}
