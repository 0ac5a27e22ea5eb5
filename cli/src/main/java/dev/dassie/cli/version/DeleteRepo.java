package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `delete repo NAME`
public final class DeleteRepo implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO", description = "Its name.")
  private String name = "";

  @Option(
      names = {"-f", "--force"},
      description = "Also where something depends on it.")
  private boolean force;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(name);
    joining.send(
        session,
        Request.delete(address.repoUrl()).flag("force", force),
        Joining.step("delete_repo", address));
    return Exit.OK;
  }
}
