package dev.dassie.cli.secret;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/// `delete access-key ID`
public final class DeleteAccessKey implements Action {
  @Parameters(paramLabel = "ID", description = "The access key.")
  private String id = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    var _ = session.api().json(Request.delete("/access-keys/" + Percent.encode(id)));
    return Exit.OK;
  }
}
