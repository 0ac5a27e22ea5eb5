package dev.dassie.cli.pipeline;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `wait job PIPELINE@ID`, or `wait job ID` for all of a commit set. Exit code 1 unless all
/// succeeded.
public final class WaitJob implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Patience patience = new Patience();

  @Parameters(paramLabel = "PIPELINE@ID|ID", description = "A job, or the id of a commit set.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    patience.begin();
    List<JsonNode> ended = JobName.await(what, scope, session, patience);
    if (JobName.isSet(what)) {
      new Listing(session, shape).items(ended, Columns.JOBS);
    } else {
      new Listing(session, shape).object(ended.get(0), Columns.JOB);
    }
    boolean succeeded = ended.stream().allMatch(job -> Cells.text(job, "state").equals("success"));
    return succeeded ? Exit.OK : Exit.FAILED;
  }
}
