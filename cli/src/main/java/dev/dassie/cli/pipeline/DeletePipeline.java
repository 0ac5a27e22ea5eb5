package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `delete pipeline NAME`
public final class DeletePipeline implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Option(
      names = {"-k", "--keep-output", "--keep-repo"},
      description = "Keep the output repo and its commits.")
  private boolean keepOutput;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    session
        .api()
        .json(Request.delete(Pipelines.url(scope.address(name))).flag("keep_output", keepOutput));
    return Exit.OK;
  }
}
