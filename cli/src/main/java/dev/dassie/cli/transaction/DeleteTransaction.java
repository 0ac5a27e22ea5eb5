package dev.dassie.cli.transaction;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `delete transaction [ID]`: drops it; nothing of it happens.
public final class DeleteTransaction implements Action {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "The transaction; the current one unless given.")
  private Optional<String> typed = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Current current = new Current(session);
    String id = current.named(typed);
    JsonNode _ = current.json(id, Request.delete(Current.url(id)));
    current.clear(id);
    return Exit.OK;
  }
}
