package dev.dassie.job;

import java.time.Duration;
import java.util.Optional;

/// A shell in the sandbox of a datum, at which a person or a script sits. It ends when it is
/// closed, with all that was started in it. Reading is for one thread, writing for another.
public interface Terminal extends AutoCloseable {
  /// Rows and columns of a screen.
  record Size(int rows, int columns) {}

  /// The command of the datum, quoted for a shell.
  String command();

  /// What the shell wrote next, at most 32 KiB; nothing where none came in time or it has ended.
  Optional<byte[]> read(Duration atMost) throws InterruptedException;

  /// The exit code, once all that it wrote has been read.
  Optional<Integer> exitCode();

  /// Sends input, at most 64 KiB; waits while the shell takes none. What comes after its end is
  /// lost.
  void write(byte[] input);

  /// Says that no more input comes.
  void endInput();

  @Override
  void close();
}
