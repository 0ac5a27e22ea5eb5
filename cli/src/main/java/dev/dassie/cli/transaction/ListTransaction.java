package dev.dassie.cli.transaction;

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
import java.util.Optional;
import picocli.CommandLine.Mixin;

/// `list transaction`: those that are not finished, the oldest first.
public final class ListTransaction implements Action {
  @Mixin private final Shape shape = new Shape();

  @Mixin private final Paging paging = new Paging();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Optional<String> current = new Current(session).id();
    List<Column> columns =
        List.of(
            Column.text("TRANSACTION", "id"),
            Column.time("STARTED", "started"),
            Column.time("CHANGED", "changed"),
            Column.number("STEPS", "steps"),
            Column.text("AUTHOR", "author"),
            Column.of(
                "CURRENT",
                (item, view) -> current.equals(Optional.of(Cells.text(item, "id"))) ? "*" : ""),
            Column.text("MESSAGE", "message"));
    new Listing(session, shape).list(Request.get("/transactions"), paging, columns);
    return Exit.OK;
  }
}
