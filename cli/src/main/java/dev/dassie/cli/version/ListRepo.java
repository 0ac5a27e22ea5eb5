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
import picocli.CommandLine.Option;

/// `list repo`
public final class ListRepo implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Mixin private final Paging paging = new Paging();

  @Option(
      names = {"-A", "--all-projects"},
      description = "Repos of all projects.")
  private boolean everywhere;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "user",
      description = "user or spec (${DEFAULT-VALUE}).")
  private String type = "user";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    String url = everywhere ? "/repos" : scope.url() + "/repos";
    new Listing(session, shape).list(Request.get(url).with("type", type), paging, Columns.REPOS);
    return Exit.OK;
  }
}
