package dev.dassie.cli.secret;

import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/// `update secret -f FILE`, or `update secret NAME --from-literal KEY=VALUE`
public final class UpdateSecret implements Action {
  @Mixin private final Scope scope = new Scope();

  @Mixin private final Values values = new Values();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Upload manifest = Upload.text("application/yaml", values.manifest(session));
    var _ =
        session
            .api()
            .json(Request.post(scope.url() + "/secrets").with("update", "true").upload(manifest));
    return Exit.OK;
  }
}
