package dev.dassie.cli.start;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;

/// `list worker`: the workers outside of the server that take part, and what they have.
public final class ListWorker implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("NAME", "name"),
          Column.text("STATE", "state"),
          Column.number("SLOTS", "slots"),
          Column.of("LEASES", (item, view) -> Integer.toString(item.path("leases").size())),
          Column.number("DATUMS", "datums"),
          Column.number("DONE", "done"),
          Column.number("RETURNED", "returned"),
          Column.time("SEEN", "seen"),
          Column.text("NOTE", "note"));

  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    long _ = new Listing(session, shape).list(Request.get("/workers"), paging, COLUMNS);
    return Exit.OK;
  }
}
