package dev.dassie.cli.start;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `down`: ends the server that `up` started for this home folder, and its children with it.
@Command
public final class Down implements Action {
  @Override
  public int run(Session session) throws IOException, InterruptedException {
    LocalServer server = new LocalServer(session);
    Optional<ProcessHandle> process = server.running();
    if (process.isEmpty()) {
      session.say(
          "No server was started by `up` for `%s`, or it has ended."
              .formatted(session.surroundings().home()));
      return Exit.OK;
    }
    server.stop(process.get());
    session.say("The server has ended.");
    return Exit.OK;
  }
}
