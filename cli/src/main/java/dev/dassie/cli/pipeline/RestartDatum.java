package dev.dassie.cli.pipeline;

import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `restart datum PIPELINE@ID DATUM`: for a datum that hangs.
public final class RestartDatum implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(index = "0", paramLabel = "PIPELINE@ID", description = "The job.")
  private String job = "";

  @Parameters(index = "1", paramLabel = "DATUM", description = "The datum's id, or its beginning.")
  private String datum = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    String url = JobName.parse(job, scope).url() + "/datums/" + Percent.encode(datum);
    session.api().json(Request.post(url + "/restart"));
    return Exit.OK;
  }
}
