package dev.dassie.cli.start;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `status`
public final class Status implements Action {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("Version", "version"),
          Column.text("Home", "home"),
          Column.text("Process", "pid"),
          Column.of(
              "Up for", (item, view) -> Cells.duration(item.path("uptime_s").asLong(0) * 1000)),
          Column.text("Executor", "executor.name"),
          Column.text("Sandbox", "executor.sandbox"),
          Column.text("Note", "executor.note"),
          Column.text("Repos", "counts.repos"),
          Column.text("Pipelines", "counts.pipelines"),
          Column.text("Running jobs", "counts.jobs_running"),
          Column.text("Store", "storage.store"),
          Column.text("Database", "storage.database"),
          Column.text("Packs", "storage.packs"),
          Column.size("Stored", "storage.bytes"));

  @Mixin private final Shape shape = new Shape();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    JsonNode status = session.api().json(Request.get("/status"));
    if (shape.format().isEmpty()) {
      session.print("Server: " + session.api().server());
    }
    new Listing(session, shape).object(status, COLUMNS);
    return Exit.OK;
  }
}
