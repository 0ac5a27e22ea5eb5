package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `impact REPO@COMMIT:/PATH`: every file that was made from it, directly or not; `impact
/// REPO@COMMIT`: every commit.
public final class Impact implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "REPO@COMMIT[:/PATH]", description = "A file, a directory or a commit.")
  private String what = "";

  @Option(
      names = "--later",
      description = "Also what was made from later commits that have the same file.")
  private boolean later;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(what);
    Request request =
        Request.get(address.commitUrl() + "/impact")
            .with("path", address.path())
            .with("later", later ? Optional.of("true") : Optional.empty());
    long _ =
        new Listing(session, shape)
            .whole(
                request,
                List.of(
                    Column.number("STAGE", "depth"),
                    Column.of("WHAT", (item, view) -> place(item)),
                    Column.size("SIZE", "size_bytes"),
                    Column.of("FROM", (item, view) -> from(item.path("from")))));
    return Exit.OK;
  }

  private static String place(JsonNode item) {
    if (Cells.text(item, "kind").equals("cut")) {
      return Cells.text(item, "reason");
    }
    String path = Cells.text(item, "path");
    return "%s@%s=%s%s"
        .formatted(
            Cells.text(item, "repo"),
            Cells.text(item, "branch"),
            Cells.shortened(Cells.text(item, "commit")),
            path.isEmpty() ? "" : ":" + path);
  }

  private static String from(JsonNode from) {
    String path = Cells.text(from, "path");
    return from.isMissingNode()
        ? ""
        : Cells.text(from, "repo")
            + (path.isEmpty() ? "@" + Cells.shortened(Cells.text(from, "commit")) : ":" + path);
  }
}
