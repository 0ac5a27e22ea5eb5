package dev.dassie.cli.transaction;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `finish transaction [ID]`: does all its steps at once, or none.
public final class FinishTransaction implements Action {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "The transaction; the current one unless given.")
  private Optional<String> typed = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Current current = new Current(session);
    String id = current.named(typed);
    JsonNode done = current.json(id, Request.post(Current.url(id) + "/finish"));
    current.clear(id);
    int steps = done.path("steps").asInt(0);
    int commits = done.path("commits").size();
    session.say(
        "Finished the transaction `%s`: %d step%s, %d commit%s."
            .formatted(id, steps, steps == 1 ? "" : "s", commits, commits == 1 ? "" : "s"));
    return Exit.OK;
  }
}
