package dev.dassie.cli.version;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `inspect project NAME`
public final class InspectProject implements Action {
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "PROJECT", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape)
        .object(
            session.api().json(Request.get("/projects/" + Percent.encode(name))), Columns.PROJECT);
    return Exit.OK;
  }
}
