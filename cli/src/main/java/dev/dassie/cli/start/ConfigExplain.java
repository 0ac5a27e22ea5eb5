package dev.dassie.cli.start;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `config explain`: each setting of the server, its value and where that comes from.
public final class ConfigExplain implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("KEY", "key"), Column.text("VALUE", "value"), Column.text("FROM", "source"));

  @Mixin private final Shape shape = new Shape();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<JsonNode> settings = new ArrayList<>();
    session.api().json(Request.get("/config")).path("items").forEach(settings::add);
    new Listing(session, shape).items(settings, COLUMNS);
    return Exit.OK;
  }
}
