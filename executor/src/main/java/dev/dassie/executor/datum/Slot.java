package dev.dassie.executor.datum;

import dev.dassie.job.Written;
import java.nio.file.Path;
import java.util.Optional;

/// A sandbox that runs one command after another. Used by one thread at a time.
public interface Slot extends AutoCloseable {
  /// What commands see where.
  Layout layout();

  /// The folder of the host that commands see as `/pfs`.
  Path inputs();

  /// The folder of the host that commands see as `/pfs/out`.
  Path out();

  /// Whether commands cannot change what lies in [#inputs].
  boolean guardsInputs();

  /// Runs a command to its end; every process that it started is gone then. A slot that was
  /// interrupted or lost is of no more use.
  Outcome run(Command command) throws InterruptedException, SlotLostException;

  /// Asks the command that runs to end by itself, where the sandbox can; from any thread.
  void terminate();

  /// Waits until what the command that runs has written so far has gone to its sink, where the
  /// sandbox can tell; from any thread.
  void settle() throws InterruptedException;

  /// What the command that runs has written so far, where the sandbox can tell; from any thread.
  Optional<Written> written() throws InterruptedException;

  /// False: a new slot must be taken for the next command.
  boolean usable();

  /// Ends all that runs.
  @Override
  void close();

  /// Paths as commands see them: `/pfs`, the source, the home and temporary folders.
  record Layout(String pfs, String source, String home, String temporary) {
    public static final Layout PRIVATE = new Layout("/pfs", "/source", "/home/dassie", "/tmp");
  }
}
