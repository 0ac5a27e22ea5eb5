package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `wait commit REPO@COMMIT`, or `wait commit ID` for a whole commit set. Exit code 1 when one
/// failed.
public final class WaitCommit implements Action {
  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();
  @Mixin private final Patience patience = new Patience();

  @Parameters(paramLabel = "REPO@COMMIT|ID", description = "A commit, or the id of a commit set.")
  private String what = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    patience.begin();
    List<JsonNode> ended = new ArrayList<>();
    for (Address commit : Places.isId(what) ? set(session) : List.of(scope.address(what))) {
      ended.add(patience.await(session, Request.get(commit.commitUrl() + "/wait")));
    }
    if (Places.isId(what)) {
      new Listing(session, shape).items(ended, Columns.COMMITS);
    } else {
      new Listing(session, shape).object(ended.get(0), Columns.COMMIT);
    }
    boolean failed = ended.stream().anyMatch(c -> Cells.text(c, "state").equals("failed"));
    return failed ? Exit.FAILED : Exit.OK;
  }

  private List<Address> set(Session session) throws IOException, InterruptedException {
    List<Address> commits = new ArrayList<>();
    try (Lines lines = session.api().lines(Request.get("/commit-sets/" + what))) {
      for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
        commits.add(
            new Address(
                Cells.text(item.get(), "project"),
                Cells.text(item.get(), "repo"),
                Optional.of(what),
                Optional.empty()));
      }
    }
    return commits;
  }
}
