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
import picocli.CommandLine.Parameters;

/// `delete branch REPO@BRANCH`
public final class DeleteBranch implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@BRANCH", description = "The branch.")
  private String branch = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(branch);
    joining.send(
        session,
        Request.delete(Places.branch(address)),
        Joining.step("delete_branch", address).put("branch", address.commitOrDefault()));
    return Exit.OK;
  }
}
