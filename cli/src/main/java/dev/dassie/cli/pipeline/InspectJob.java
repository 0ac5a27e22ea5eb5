package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `inspect job PIPELINE@ID`
public final class InspectJob implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "PIPELINE@ID", description = "The job.")
  private String job = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape)
        .object(session.api().json(Request.get(JobName.parse(job, scope).url())), Columns.JOB);
    return Exit.OK;
  }
}
