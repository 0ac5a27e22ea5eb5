package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `inspect pipeline NAME`
public final class InspectPipeline implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "PIPELINE", description = "Its name.")
  private String name = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    JsonNode pipeline = session.api().json(Request.get(Pipelines.url(scope.address(name))));
    new Listing(session, shape).object(pipeline, Columns.PIPELINE);
    if (shape.format().isEmpty()) {
      String text = pipeline.path("spec_text").asString("");
      session.print(
          "\n"
              + Safe.paragraph(text.isEmpty() ? Json.pretty(pipeline.path("spec")) : text.strip()));
    }
    return Exit.OK;
  }
}
