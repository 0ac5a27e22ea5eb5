package dev.dassie.cli.version;

import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `create project NAME`
public final class CreateProject implements Action {
  @Parameters(paramLabel = "PROJECT", description = "Its name.")
  private String name = "";

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "What it is for.")
  private Optional<String> description = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    ObjectNode body = Json.object().put("name", name);
    description.ifPresent(text -> body.put("description", text));
    session.api().json(Request.post("/projects").json(body));
    return Exit.OK;
  }
}
