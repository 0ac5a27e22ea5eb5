package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
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

/// `create tag REPO@NAME --head COMMIT`
public final class CreateTag implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@TAG", description = "The tag.")
  private String tag = "";

  @Option(
      names = "--head",
      paramLabel = "COMMIT",
      required = true,
      description = "Branch, tag or commit of the repo that it names.")
  private String head = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(tag);
    String commit = Places.within(head, address);
    joining.send(
        session,
        Request.put(Places.tag(address)).json(Json.object().put("head", commit)),
        Joining.step("create_tag", address)
            .put("tag", address.commitOrDefault())
            .put("head", commit));
    return Exit.OK;
  }
}
