package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `revert commit REPO@COMMIT`: a new commit that undoes what an older one changed.
public final class RevertCommit implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Message message = new Message();
  @Mixin private final Choosing choosing = new Choosing();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The commit to undo.")
  private String commit = "";

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      description = "The branch that gets the new commit; the commit's own unless said.")
  private Optional<String> branch = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(commit);
    ObjectNode body = choosing.body();
    branch.ifPresent(name -> body.put("branch", Places.within(name, address)));
    String url = address.commitUrl() + (choosing.dryRun() ? "/revert-plan" : "/revert");
    Request request = Request.post(url).json(body);
    if (choosing.dryRun()) {
      return Choosing.show(session, shape, request);
    }
    MergeBranch.tell(
        session,
        shape,
        session.api().json(message.on(request)),
        "Nothing of `%s` is left to undo.".formatted(address));
    return Exit.OK;
  }
}
