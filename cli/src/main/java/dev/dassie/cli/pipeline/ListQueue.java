package dev.dassie.cli.pipeline;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;

/// `list queue`: what waits or runs in all projects, those that wait for a turn in their order.
public final class ListQueue implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("NEXT", "position"),
          Column.of(
              "JOB",
              (item, view) ->
                  Cells.text(item, "kind").equals("trial")
                      ? Cells.text(item, "pipeline") + " (dev)"
                      : Cells.text(item, "pipeline") + "@" + Cells.text(item, "id")),
          Column.text("PROJECT", "project"),
          Column.text("CLASS", "class"),
          Column.text("STATE", "state"),
          Column.text("RUNNING", "running"),
          Column.text("WAITING", "waiting"),
          Column.text("REASON", "reason"));

  @Mixin private final Shape shape = new Shape();
  @Mixin private final Paging paging = new Paging();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    long _ = new Listing(session, shape).list(Request.get("/queue"), paging, COLUMNS);
    return Exit.OK;
  }
}
