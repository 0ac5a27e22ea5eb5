package dev.dassie.cli.start;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `version`: of the command line, and of the server where one answers.
public final class ShowVersion implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("dassie", "client.version"),
          Column.text("server", "server.version"),
          Column.text("server build", "server.build"),
          Column.text("format", "server.format"),
          Column.text("java", "client.java"));

  @Mixin private final Shape shape = new Shape();

  @Option(names = "--client-only", description = "Do not ask the server.")
  private boolean clientOnly;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    ObjectNode versions = Json.object();
    versions
        .putObject("client")
        .put("version", client())
        .put("java", System.getProperty("java.version", ""));
    Optional<JsonNode> server = clientOnly ? Optional.empty() : server(session);
    server.ifPresent(reply -> versions.set("server", reply));
    new Listing(session, shape).object(versions, COLUMNS);
    return Exit.OK;
  }

  /// The version of this command line, from its jar; `dev` when it runs out of classes.
  public static String client() {
    return Optional.ofNullable(ShowVersion.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }

  private static Optional<JsonNode> server(Session session)
      throws IOException, InterruptedException {
    try {
      return Optional.of(session.api().json(Request.get("/version")));
    } catch (ProblemException e) {
      if (!e.problem().code().equals(Problem.UNREACHABLE)) {
        throw e;
      }
      session.say(e.problem().detail());
      return Optional.empty();
    }
  }
}
