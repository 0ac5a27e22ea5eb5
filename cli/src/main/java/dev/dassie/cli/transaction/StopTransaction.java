package dev.dassie.cli.transaction;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `stop transaction`: commands run at once again; the transaction stays as it is.
@Command // it has neither options nor arguments
public final class StopTransaction implements Action {
  @Override
  public int run(Session session) throws IOException {
    Current current = new Current(session);
    String id = current.named(Optional.empty());
    current.clear();
    session.say(
        "Left the transaction `%s`; `dassie resume transaction %s` goes on.".formatted(id, id));
    return Exit.OK;
  }
}
