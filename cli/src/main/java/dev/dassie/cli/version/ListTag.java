package dev.dassie.cli.version;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `list tag REPO`
public final class ListTag implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Mixin private final Paging paging = new Paging();

  @Parameters(paramLabel = "REPO", description = "The repo.")
  private String repo = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape)
        .list(Request.get(scope.address(repo).repoUrl() + "/tags"), paging, Columns.TAGS);
    return Exit.OK;
  }
}
