package dev.dassie.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends log events to standard error and to `log/dassie.N.log` (five files of 10 MiB, the oldest
/// dropped), each event one line.
final class Logs {
  private static final int FILE_BYTES = 10 << 20;
  private static final int FILES = 5;

  /// Kept, as a level is forgotten with its logger.
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private Logs() {}

  /// Takes over the logging of this JVM.
  static void start(Path folder, String level) throws IOException {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    Level least = level(level);
    root.setLevel(least);
    FileHandler file =
        new FileHandler(folder.resolve("dassie.%g.log").toString(), FILE_BYTES, FILES, true);
    for (Handler handler : new Handler[] {new ConsoleHandler(), file}) {
      handler.setLevel(least);
      handler.setFormatter(new OneLine());
      root.addHandler(handler);
    }
    // Jetty tells of every start and stop at INFO.
    JETTY.setLevel(Level.WARNING);
  }

  private static Level level(String name) {
    return switch (name) {
      case "error" -> Level.SEVERE;
      case "warning" -> Level.WARNING;
      case "debug" -> Level.FINE;
      default -> Level.INFO;
    };
  }

  /// Time, level, logger, message; a stack follows in the same line, its lines parted by ` | `.
  static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord event) {
      StringBuilder line = new StringBuilder(120);
      line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS))
          .append(' ')
          .append(event.getLevel().getName())
          .append(' ')
          .append(event.getLoggerName())
          .append(' ');
      appendFlat(line, formatMessage(event));
      if (event.getThrown() != null) {
        StringWriter stack = new StringWriter();
        event.getThrown().printStackTrace(new PrintWriter(stack, true));
        line.append(" | ");
        appendFlat(line, stack.toString().replace("\n\t", " | ").replace("\n", " | "));
      }
      return line.append('\n').toString();
    }

    /// What users send stands in messages: a line feed in it must not look like an event.
    private static void appendFlat(StringBuilder line, String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        line.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
  }
}
