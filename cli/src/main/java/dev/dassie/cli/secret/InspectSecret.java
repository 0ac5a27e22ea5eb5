package dev.dassie.cli.secret;

import dev.dassie.api.Percent;
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

/// `inspect secret NAME`
public final class InspectSecret implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "NAME", description = "The secret.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Request request = Request.get(scope.url() + "/secrets/" + Percent.encode(name));
    new Listing(session, shape).object(session.api().json(request), Columns.SECRET);
    return Exit.OK;
  }
}
