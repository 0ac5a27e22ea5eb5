package dev.dassie.cli.version;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `delete project NAME`
public final class DeleteProject implements Action {
  @Mixin private final Joining joining = new Joining();

  @Parameters(paramLabel = "PROJECT", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    joining.send(
        session,
        Request.delete("/projects/" + Percent.encode(name)),
        Joining.step("delete_project").put("project", name));
    return Exit.OK;
  }
}
