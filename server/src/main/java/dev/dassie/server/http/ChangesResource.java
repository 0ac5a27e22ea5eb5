package dev.dassie.server.http;

import dev.dassie.fileset.Difference;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.text.UnifiedDiff;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.PathHistory;
import dev.dassie.version.Versions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What changed, line by line, and which commits changed a path.
final class ChangesResource {
  private static final String COMMIT = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}";

  private final Versions versions;
  private final VersionJson json;

  ChangesResource(Versions versions) {
    this.versions = versions;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                COMMIT + "/changes",
                "find_commits",
                "The commits that changed a path, newest first.")
            .with(Route.PATH)
            .list("FoundCommit", this::find),
        Route.get(
                COMMIT + "/patch",
                "patch_files",
                "What changed from another commit to this, as a unified diff of text files.")
            .with(Compared.WITH, Route.PATH)
            .bytes(Route.Form.TEXT, this::patch));
  }

  private void find(Exchange exchange) throws IOException {
    CommitName from = Place.commitName(exchange, versions);
    FilePath path = Place.path(exchange);
    exchange.replyPage(
        new Page<>(
            after -> found(from, path, after),
            found -> found.commit().name().id().value(),
            this::found));
  }

  /// The cursor is the last commit that was handed out: its parent is where to go on.
  private Iterator<PathHistory.Found> found(CommitName from, FilePath path, String after) {
    Optional<CommitName> start =
        after.isEmpty()
            ? Optional.of(from)
            : versions
                .inspect(new CommitName(from.repo(), new CommitId(after)))
                .parent()
                .map(id -> new CommitName(from.repo(), id));
    return start
        .<Iterator<PathHistory.Found>>map(name -> new PathHistory(versions, name, path))
        .orElseGet(Collections::emptyIterator);
  }

  private ObjectNode found(PathHistory.Found found) {
    String change = "changed";
    if (found.now().isEmpty()) {
      change = "removed";
    } else if (found.old().isEmpty()) {
      change = "added";
    }
    return json.commit(found.commit()).put("change", change);
  }

  private void patch(Exchange exchange) throws IOException {
    Shown now = Shown.open(exchange, versions);
    Compared compared = Compared.with(exchange, versions, now);
    Iterator<Difference> differences = compared.differences(Place.path(exchange));
    boolean _ = differences.hasNext();
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(
                exchange.replyBytes("text/plain; charset=utf-8", -1), StandardCharsets.UTF_8));
    UnifiedDiff diff = new UnifiedDiff(compared.reader(), out);
    while (differences.hasNext()) {
      diff.write(differences.next());
    }
    out.close();
  }
}
