package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `list job [-p PIPELINE] [ID]`: jobs newest first, or those of one commit set.
public final class ListJob implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only the jobs of this commit set.")
  private Optional<String> set = Optional.empty();

  @Option(
      names = {"-p", "--pipeline"},
      paramLabel = "NAME",
      description = "Only the jobs of this pipeline.")
  private Optional<String> pipeline = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "waiting, running, success, failed, stopped or unrunnable.")
  private Optional<String> state = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Listing listing = new Listing(session, shape);
    if (set.isPresent()) {
      List<JsonNode> jobs = new ArrayList<>();
      for (JobName job : JobName.all(set.get(), scope, session)) {
        jobs.add(session.api().json(Request.get(job.url())));
      }
      listing.items(jobs, Columns.JOBS);
      return Exit.OK;
    }
    Request request =
        Request.get(scope.url() + "/jobs").with("pipeline", pipeline).with("state", state);
    listing.list(request, paging, Columns.JOBS);
    return Exit.OK;
  }
}
