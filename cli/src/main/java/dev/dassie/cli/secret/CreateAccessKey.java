package dev.dassie.cli.secret;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `create access-key`: prints the variables that S3 clients read.
public final class CreateAccessKey implements Action {
  @Mixin private final Shape shape = new Shape();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    JsonNode key = session.api().json(Request.post("/access-keys"));
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(key, List.of());
    } else {
      session.print("AWS_ACCESS_KEY_ID=" + key.path("id").asString(""));
      session.print("AWS_SECRET_ACCESS_KEY=" + key.path("secret").asString(""));
    }
    return Exit.OK;
  }
}
