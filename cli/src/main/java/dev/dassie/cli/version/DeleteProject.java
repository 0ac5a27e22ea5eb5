package dev.dassie.cli.version;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/// `delete project NAME`
public final class DeleteProject implements Action {
  @Parameters(paramLabel = "PROJECT", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    session.api().json(Request.delete("/projects/" + Percent.encode(name)));
    return Exit.OK;
  }
}
