package dev.dassie.cli.version;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `inspect repo NAME`
public final class InspectRepo implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "REPO", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape)
        .object(session.api().json(Request.get(scope.address(name).repoUrl())), Columns.REPO);
    return Exit.OK;
  }
}
