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

/// `delete commit REPO@COMMIT`: the newest commit of a branch goes, with its data.
public final class DeleteCommit implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The commit; none may come after it.")
  private String commit = "";

  @Option(names = "--recursive", description = "Also what pipelines made from it.")
  private boolean recursive;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(commit);
    joining.send(
        session,
        Request.delete(address.commitUrl()).flag("recursive", recursive),
        Joining.step("delete_commit", address)
            .put("commit", address.commitOrDefault())
            .put("recursive", recursive));
    return Exit.OK;
  }
}
