package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `subscribe commit REPO@BRANCH`: one JSON line per finished commit, oldest first, until
/// interrupted. The feed says when to look again, so nothing is polled.
public final class SubscribeCommit implements Action {
  private static final int REMEMBERED_MAX = 100_000;
  private static final int OVERTAKEN_MAX = 100;

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@BRANCH", description = "The branch.")
  private String branch = "";

  @Option(names = "--new", description = "Only commits that finish from now on.")
  private boolean onlyNew;

  @Option(names = "--count", paramLabel = "N", description = "End after N commits.")
  private Optional<Long> count = Optional.empty();

  private final Set<String> seen = new LinkedHashSet<>();
  private long printed;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address address = scope.address(branch);
    // The feed is opened first, so that no commit slips between the list and what is followed.
    Request feed = Request.get("/feed").flag("follow", true).unlimited();
    try (Lines events = session.api().lines(feed)) {
      if (onlyNew) {
        unseen(session, address);
      } else {
        print(session, unseen(session, address));
      }
      while (!satisfied() && events.next().isPresent()) {
        print(session, unseen(session, address));
      }
    }
    return Exit.OK;
  }

  private boolean satisfied() {
    return count.isPresent() && printed >= count.get();
  }

  private void print(Session session, Deque<JsonNode> commits) {
    while (!commits.isEmpty() && !satisfied()) {
      session.print(Json.compact(commits.pop()));
      printed++;
    }
    session.terminal().out().flush();
  }

  /// Finished commits not seen yet, oldest first. Reads a little further back than the newest one
  /// known, since a commit may finish after a later one.
  private Deque<JsonNode> unseen(Session session, Address address)
      throws IOException, InterruptedException {
    Deque<JsonNode> found = new ArrayDeque<>();
    boolean first = seen.isEmpty();
    int known = 0;
    Request list =
        Request.get(address.repoUrl() + "/commits")
            .with("branch", address.commitOrDefault())
            .with("state", "finished");
    try (Lines lines = session.api().lines(list)) {
      for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
        String id = Cells.text(item.get(), "id");
        known += seen.contains(id) ? 1 : 0;
        if (known > OVERTAKEN_MAX || (first && found.size() >= REMEMBERED_MAX)) {
          break;
        }
        if (!seen.contains(id)) {
          found.push(item.get());
        }
      }
    }
    found.forEach(commit -> seen.add(Cells.text(commit, "id")));
    while (seen.size() > REMEMBERED_MAX) {
      seen.remove(seen.iterator().next());
    }
    return found;
  }
}
