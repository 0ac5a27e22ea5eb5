package dev.dassie.cli.transaction;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import dev.dassie.cli.terminal.Safe;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `inspect transaction [ID]`: a transaction and its steps.
public final class InspectTransaction implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("Transaction", "id"),
          Column.text("Message", "message"),
          Column.text("Author", "author"),
          Column.time("Started", "started"),
          Column.time("Changed", "changed"),
          Column.text("Dropped at", "expires"),
          Column.text("Steps", "steps"));

  @Mixin private final Shape shape = new Shape();

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "The transaction; the current one unless given.")
  private Optional<String> typed = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Current current = new Current(session);
    String id = current.named(typed);
    JsonNode transaction = current.json(id, Request.get(Current.url(id)));
    new Listing(session, shape).object(transaction, COLUMNS);
    if (shape.format().isEmpty()) {
      for (JsonNode step : transaction.path("added")) {
        session.print(
            Safe.line("%3s  %s".formatted(Cells.text(step, "number"), Cells.text(step, "words"))));
      }
    }
    return Exit.OK;
  }
}
