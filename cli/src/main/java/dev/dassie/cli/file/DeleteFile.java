package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
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

/// `delete file REPO@BRANCH:/PATH`: a file, or a directory with all below it, as one commit.
public final class DeleteFile implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Parameters(paramLabel = "REPO@BRANCH:/PATH", description = "The file or directory.")
  private String what = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "Accepted for scripts; a directory is always deleted with all below it.")
  @SuppressWarnings("UnusedVariable") // set by picocli; the server needs no such flag
  private boolean recursive;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    if (address.path().isEmpty()) {
      throw Problem.invalid(
              "The address is `%s`, which names no file, expected `repo@branch:/path`."
                  .formatted(what))
          .asException();
    }
    session
        .api()
        .json(
            message.on(
                Request.delete(address.commitUrl() + "/file").with("path", address.pathOrRoot())));
    return Exit.OK;
  }
}
