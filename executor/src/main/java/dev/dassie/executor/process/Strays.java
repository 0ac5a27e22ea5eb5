package dev.dassie.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Ends the processes of a run that had no sandbox, also those that left its process tree.
final class Strays {
  private static final int ROUNDS = 500;

  private Strays() {}

  /// Ends every process of this user whose environment holds `mark`, until there is none. The run
  /// began at `start`.
  static void end(String mark, Instant start) {
    // Start times of processes count from a boot time that is known to the second.
    Instant since = start.minusSeconds(2);
    for (int round = 0; round < ROUNDS; round++) {
      if (!endRound(mark, since)) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /// Whether to look again: there were some, or some may be about to show their environment.
  private static boolean endRound(String mark, Instant since) {
    boolean again = false;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        String environment = read(process.resolve("environ"));
        if (environment.contains(mark)) {
          handle(process).ifPresent(ProcessHandle::destroyForcibly);
          again = true;
        } else if (environment.isEmpty() && (hasGone(process) || isStarting(process, since))) {
          again = true;
        }
      }
    } catch (IOException e) {
      return true;
    }
    return again;
  }

  /// One that ended while the list was read may have left a child that the list does not have.
  private static boolean hasGone(Path process) {
    return !Files.exists(process);
  }

  /// In the midst of exec a process has memory but no environment yet.
  private static boolean isStarting(Path process, Instant since) {
    String pages = read(process.resolve("statm"));
    return !pages.isEmpty()
        && !pages.startsWith("0 ")
        && handle(process)
            .flatMap(found -> found.info().startInstant())
            .filter(started -> !started.isBefore(since))
            .isPresent();
  }

  private static java.util.Optional<ProcessHandle> handle(Path process) {
    return ProcessHandle.of(Long.parseLong(String.valueOf(process.getFileName())));
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // ended meanwhile, or another user's
    }
  }
}
