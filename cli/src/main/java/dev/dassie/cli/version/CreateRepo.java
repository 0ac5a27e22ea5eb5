package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `create repo NAME`
public final class CreateRepo implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO", description = "Its name.")
  private String name = "";

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "What it is for.")
  private Optional<String> description = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(name);
    ObjectNode body = Json.object().put("name", address.repo());
    description.ifPresent(text -> body.put("description", text));
    ObjectNode step = Joining.step("create_repo", address);
    description.ifPresent(text -> step.put("description", text));
    joining.send(
        session,
        Request.post("/projects/" + Percent.encode(address.project()) + "/repos").json(body),
        step);
    if (address.repo().contains("_")) {
      session.say(
          "A bucket of `%s` is no valid host name, for its `_`: Hadoop's S3A cannot use it."
              .formatted(address.repo()));
    }
    return Exit.OK;
  }
}
