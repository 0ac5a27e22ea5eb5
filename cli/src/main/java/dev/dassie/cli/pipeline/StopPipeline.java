package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `stop pipeline NAME`: new data starts no jobs until it is started again.
public final class StopPipeline implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    session.api().json(Request.post(Pipelines.url(scope.address(name)) + "/stop"));
    return Exit.OK;
  }
}
