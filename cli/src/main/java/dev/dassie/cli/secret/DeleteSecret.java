package dev.dassie.cli.secret;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `delete secret NAME`
public final class DeleteSecret implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "NAME", description = "The secret.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Request request = Request.delete(scope.url() + "/secrets/" + Percent.encode(name));
    var _ = session.api().json(request);
    return Exit.OK;
  }
}
