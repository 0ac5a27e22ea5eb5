package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `start commit REPO@BRANCH`: opens a commit and prints its id.
public final class StartCommit implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Mixin private final Message message = new Message();

  @Parameters(paramLabel = "REPO@BRANCH", description = "The branch; made if it is missing.")
  private String branch = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(branch);
    Request request =
        Request.post(address.repoUrl() + "/commits")
            .json(Json.object().put("branch", address.commitOrDefault()));
    JsonNode commit =
        joining.send(
            session,
            message.on(request),
            Joining.step("start_commit", address).put("branch", address.commitOrDefault()));
    session.print(commit.path("id").asString(""));
    return Exit.OK;
  }
}
