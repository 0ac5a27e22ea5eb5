package dev.dassie.cli.pipeline;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.transaction.Joining;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `update pipeline -f SPEC…`: the pipelines of one file are updated together, all or none; several
/// files one after another, once all of them are found valid.
public final class UpdatePipeline implements Action {
  @Mixin private final Joining joining = new Joining();

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();
  @Mixin private final SpecFiles files = new SpecFiles();

  @Option(names = "--reprocess", description = "Run every datum again, also those that succeeded.")
  private boolean reprocess;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<Specs.Spec> specs = files.read(session);
    if (specs.size() > 1) {
      for (Specs.Spec spec : specs) {
        Specs.validate(session, scope, spec);
      }
    }
    for (Specs.Spec spec : specs) {
      JsonNode reply = Specs.send(session, scope, message, joining, spec, true, reprocess);
      Specs.sayNotes(session, reply.path("items"));
    }
    return Exit.OK;
  }
}
