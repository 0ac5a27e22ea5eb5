package dev.dassie.cli.pipeline;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `validate pipeline -f SPEC…`: prints the pipelines of a sound spec; an unsound one ends with
/// exit code 2 and all its problems.
public final class ValidatePipeline implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final SpecFiles files = new SpecFiles();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    for (Specs.Spec spec : files.read(session)) {
      JsonNode pipelines = Specs.validate(session, scope, spec).path("pipelines");
      for (JsonNode pipeline : pipelines) {
        session.print("`%s` is valid.".formatted(pipeline.path("name").asString("")));
      }
      Specs.sayNotes(session, pipelines);
    }
    return Exit.OK;
  }
}
