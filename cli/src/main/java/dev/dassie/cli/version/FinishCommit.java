package dev.dassie.cli.version;

import dev.dassie.api.Address;
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

/// `finish commit REPO@BRANCH`
public final class FinishCommit implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Mixin private final Message message = new Message();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The open commit, or its branch.")
  private String commit = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(commit);
    joining.send(
        session,
        message.on(Request.post(address.commitUrl() + "/finish")),
        Joining.step("finish_commit", address).put("commit", address.commitOrDefault()));
    return Exit.OK;
  }
}
