package dev.dassie.cli.version;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `delete commit REPO@COMMIT`: the newest commit of a branch goes, with its data.
public final class DeleteCommit implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@COMMIT", description = "The commit; none may come after it.")
  private String commit = "";

  @Option(names = "--recursive", description = "Also what pipelines made from it.")
  private boolean recursive;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Request request = Request.delete(scope.address(commit).commitUrl());
    session.api().open(request.flag("recursive", recursive)).close();
    return Exit.OK;
  }
}
