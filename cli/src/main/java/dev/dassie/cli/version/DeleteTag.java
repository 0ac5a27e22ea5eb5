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

/// `delete tag REPO@TAG`
public final class DeleteTag implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@TAG", description = "The tag.")
  private String tag = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(tag);
    joining.send(
        session,
        Request.delete(Places.tag(address)),
        Joining.step("delete_tag", address).put("tag", address.commitOrDefault()));
    return Exit.OK;
  }
}
