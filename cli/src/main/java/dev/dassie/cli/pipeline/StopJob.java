package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `stop job PIPELINE@ID`, or `stop job ID` for all jobs of a commit set.
public final class StopJob implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "PIPELINE@ID|ID", description = "A job, or the id of a commit set.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    for (JobName job : JobName.all(what, scope, session)) {
      session.api().json(Request.post(job.url() + "/stop"));
    }
    return Exit.OK;
  }
}
