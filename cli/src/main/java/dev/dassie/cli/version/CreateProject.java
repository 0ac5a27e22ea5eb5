package dev.dassie.cli.version;

import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `create project NAME`
public final class CreateProject implements Action {
  @Mixin private final Joining joining = new Joining();

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
    ObjectNode step = Joining.step("create_project").put("project", name);
    description.ifPresent(text -> step.put("description", text));
    joining.send(session, Request.post("/projects").json(body), step);
    return Exit.OK;
  }
}
