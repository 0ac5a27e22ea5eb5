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

/// `inspect commit REPO@COMMIT`
public final class InspectCommit implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The commit, or its branch.")
  private String commit = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape)
        .object(session.api().json(Request.get(scope.address(commit).commitUrl())), Columns.COMMIT);
    return Exit.OK;
  }
}
