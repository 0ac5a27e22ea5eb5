package dev.dassie.cli.command;

import java.io.IOException;

/// One command. Its options are picocli fields of the class that implements it; running it asks the
/// server and hands what came back to the session's printing.
public interface Action {
  /// Runs the command once.
  ///
  /// @return the exit code, see [Exit]
  /// @throws dev.dassie.api.ProblemException when it is refused
  /// @throws IOException when a local file or a connection fails
  int run(Session session) throws IOException, InterruptedException;
}
