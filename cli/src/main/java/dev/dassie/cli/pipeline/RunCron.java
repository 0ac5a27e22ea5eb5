package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `run cron PIPELINE`: a tick of each of its cron inputs now; prints the id of the commit set,
/// which is the job's too.
public final class RunCron implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    JsonNode ticks = session.api().json(Request.post(Pipelines.url(scope.address(name)) + "/cron"));
    session.print(ticks.path("items").path(0).path("id").asString(""));
    return Exit.OK;
  }
}
