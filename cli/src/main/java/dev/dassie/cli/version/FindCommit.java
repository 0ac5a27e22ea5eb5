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
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `find commit REPO@BRANCH:/PATH`: which commits changed a file or directory, newest first.
public final class FindCommit implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("CHANGE", "change"),
          Column.text("COMMIT", "id"),
          Column.time("FINISHED", "finished"),
          Column.text("AUTHOR", "author"),
          Column.text("MESSAGE", "message"));

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Parameters(paramLabel = "REPO@COMMIT:/PATH", description = "Where to begin, and the path.")
  private String file = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(file);
    Request request =
        Request.get(address.commitUrl() + "/changes").with("path", address.pathOrRoot());
    new Listing(session, shape).list(request, paging, COLUMNS);
    return Exit.OK;
  }
}
