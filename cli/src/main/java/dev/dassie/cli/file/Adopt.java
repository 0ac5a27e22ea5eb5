package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `adopt REPO@BRANCH[:/PATH]`: the bytes of what was put by reference are copied in, as one
/// commit.
public final class Adopt implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Parameters(paramLabel = "REPO@BRANCH[:/PATH]", description = "A file, or a directory.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    Request adopt = Request.post(address.commitUrl() + "/adopt").with("path", address.pathOrRoot());
    session.api().json(message.on(adopt.unlimited()));
    return Exit.OK;
  }
}
