package dev.dassie.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Ends the processes of a run that had no sandbox, also those that left its process tree.
final class Strays {
  private static final int ROUNDS = 100;

  private Strays() {}

  /// Ends every process of this user whose environment holds `mark`, until there is none.
  static void end(String mark) {
    for (int round = 0; round < ROUNDS; round++) {
      List<Long> found = find(mark);
      if (found.isEmpty()) {
        return;
      }
      for (long pid : found) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static List<Long> find(String mark) {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (environment(process).contains(mark)) {
          found.add(Long.parseLong(String.valueOf(process.getFileName())));
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static String environment(Path process) {
    try {
      return new String(
          Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // ended meanwhile, or another user's
    }
  }
}
