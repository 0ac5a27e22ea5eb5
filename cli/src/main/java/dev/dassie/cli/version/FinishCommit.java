package dev.dassie.cli.version;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `finish commit REPO@BRANCH`
public final class FinishCommit implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Message message = new Message();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The open commit, or its branch.")
  private String commit = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    session.api().json(message.on(Request.post(scope.address(commit).commitUrl() + "/finish")));
    return Exit.OK;
  }
}
