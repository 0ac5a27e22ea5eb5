package dev.dassie.cli.version;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `delete tag REPO@TAG`
public final class DeleteTag implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@TAG", description = "The tag.")
  private String tag = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    session.api().json(Request.delete(Places.tag(scope.address(tag))));
    return Exit.OK;
  }
}
