package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `copy file REPO@COMMIT:/PATH REPO@BRANCH:/PATH`
public final class CopyFile implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Parameters(index = "0", paramLabel = "FROM", description = "repo@commit:/path")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "repo@branch:/path")
  private String to = "";

  @Option(
      names = {"-a", "--append"},
      description = "Append to the target instead of replacing it.")
  private boolean append;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address source = scope.address(from);
    Address target = scope.address(to);
    ObjectNode body = Json.object();
    body.putObject("from")
        .put("project", source.project())
        .put("repo", source.repo())
        .put("commit", source.commitOrDefault())
        .put("path", source.pathOrRoot());
    body.put("to", target.path().orElse(source.pathOrRoot())).put("append", append);
    session.api().json(message.on(Request.post(target.commitUrl() + "/copy").json(body)));
    return Exit.OK;
  }
}
