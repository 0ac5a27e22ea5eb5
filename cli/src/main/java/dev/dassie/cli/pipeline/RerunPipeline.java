package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rerun pipeline NAME`: one job on the newest data. What succeeded keeps its result.
public final class RerunPipeline implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Option(names = "--reprocess", description = "Run every datum again, also those that succeeded.")
  private boolean reprocess;

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Request request =
        Request.post(Pipelines.url(scope.address(name)) + "/rerun").flag("reprocess", reprocess);
    session.api().json(message.on(request));
    return Exit.OK;
  }
}
