package dev.dassie.cli.file;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `list file REPO@COMMIT[:/PATH]`
public final class ListFile implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Parameters(paramLabel = "REPO@COMMIT[:/PATH]", description = "The directory.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    Request request =
        Request.get(address.commitUrl() + "/files").with("path", address.pathOrRoot());
    new Listing(session, shape).list(request, paging, Columns.FILES);
    return Exit.OK;
  }
}
