package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `merge branch REPO@FROM --into REPO@TO`
public final class MergeBranch implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Message message = new Message();
  @Mixin private final Choosing choosing = new Choosing();

  @Parameters(paramLabel = "REPO@FROM", description = "Branch, tag or commit to merge.")
  private String from = "";

  @Option(
      names = "--into",
      paramLabel = "REPO@BRANCH",
      required = true,
      description = "The branch of the same repo that takes it in.")
  private String into = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address source = scope.address(from);
    Address target = into.contains("@") ? scope.address(into) : source.withCommit(into);
    if (!target.repoUrl().equals(source.repoUrl())) {
      throw Problem.invalid(
              "`--into` is of the repo `%s`, expected a branch of `%s`."
                  .formatted(target.repo(), source.repo()))
          .asException();
    }
    String url = Places.branch(target) + (choosing.dryRun() ? "/merge-plan" : "/merge");
    Request request = Request.post(url).json(choosing.body().put("from", source.commitOrDefault()));
    if (choosing.dryRun()) {
      return Choosing.show(session, shape, request);
    }
    JsonNode outcome = session.api().json(message.on(request));
    tell(session, shape, outcome, "`%s` has all of it already.".formatted(target));
    return Exit.OK;
  }

  /// Prints the commit that is the head now, or all that the server said.
  static void tell(Session session, Shape shape, JsonNode outcome, String nothing) {
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(outcome, Columns.COMMIT);
      return;
    }
    session.print(outcome.path("commit").path("id").asString(""));
    switch (outcome.path("outcome").asString("")) {
      case "up_to_date" -> session.say(nothing);
      case "fast_forward" -> session.say("The branch moved; it had nothing of its own.");
      default -> {
        // The id says it.
      }
    }
  }
}
