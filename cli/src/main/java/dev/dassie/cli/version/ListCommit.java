package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `list commit REPO[@BRANCH]`, or `list commit ID` for a whole commit set.
public final class ListCommit implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Mixin private final Paging paging = new Paging();

  @Parameters(
      paramLabel = "REPO[@BRANCH]|ID",
      description = "A repo, a branch, or the id of a commit set.")
  private String what = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those that are open, finished or failed.")
  private Optional<String> state = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape).list(request(), paging, Columns.COMMITS);
    return Exit.OK;
  }

  private Request request() {
    if (Places.isId(what)) {
      return Request.get("/commit-sets/" + what);
    }
    Address address = scope.address(what);
    return Request.get(address.repoUrl() + "/commits")
        .with("branch", address.commit())
        .with("state", state);
  }
}
