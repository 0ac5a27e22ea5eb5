package dev.dassie.cli.transaction;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `resume transaction ID`: makes it the one that later commands join.
public final class ResumeTransaction implements Action {
  @Parameters(paramLabel = "ID", description = "The transaction.")
  private String id = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    JsonNode _ = session.api().json(Request.get(Current.url(id)));
    new Current(session).set(id);
    return Exit.OK;
  }
}
