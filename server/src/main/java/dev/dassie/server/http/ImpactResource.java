package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.JobName;
import dev.dassie.lineage.impact.Affected;
import dev.dassie.lineage.impact.Downstream;
import dev.dassie.lineage.impact.Impacts;
import dev.dassie.version.Commit;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is downstream of a file or a commit.
final class ImpactResource {
  private final Versions versions;
  private final Impacts impacts;

  ImpactResource(Versions versions, Impacts impacts) {
    this.versions = versions;
    this.impacts = impacts;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                "/api/v1/projects/{project}/repos/{repo}/commits/{commit}/impact",
                "get_impact",
                "What was made from a commit, or with a path from a file, and from that, and so on.")
            .with(Route.PATH)
            .flag("later", "Also from later commits that have the same file.")
            .lines("Affected", this::impact));
  }

  private void impact(Exchange exchange) throws IOException {
    Optional<String> path = exchange.text("path");
    boolean later = exchange.flag("later");
    if (path.isEmpty()) {
      if (later) {
        throw new Fault.Invalid(
                "The query parameter `path`", "", "a path where `later` is asked for")
            .asException();
      }
      Commit commit = Place.commit(exchange, versions);
      reply(exchange, impacts.commits(commit));
      return;
    }
    Commit commit = Shown.open(exchange, versions).view().commit();
    reply(exchange, impacts.files(commit, FilePath.parse(path.get()), later));
  }

  private static void reply(Exchange exchange, Downstream downstream) throws IOException {
    try (downstream) {
      exchange.replyLines(downstream, ImpactResource::json);
    }
  }

  private static ObjectNode json(Affected affected) {
    return switch (affected) {
      case Affected.File file -> {
        ObjectNode json =
            VersionJson.name(file.commit().repo())
                .put("kind", "file")
                .put("depth", file.depth())
                .put("commit", file.commit().id().value())
                .put("branch", file.branch())
                .put("path", file.path().toString())
                .put("hash", file.hash().toString())
                .put("size_bytes", file.size())
                .put("job", job(file.job()))
                .put("datum", file.datum().orElse(null));
        json.set(
            "from",
            VersionJson.name(file.from().commit().repo())
                .put("commit", file.from().commit().id().value())
                .put("path", file.from().path().toString()));
        yield json;
      }
      case Affected.OfCommit commit -> {
        ObjectNode json =
            VersionJson.name(commit.commit().repo())
                .put("kind", "commit")
                .put("depth", commit.depth())
                .put("commit", commit.commit().id().value())
                .put("branch", commit.branch())
                .put("state", commit.state())
                .put("files", commit.files())
                .put("size_bytes", commit.size());
        json.set(
            "from",
            VersionJson.name(commit.from().repo()).put("commit", commit.from().id().value()));
        yield json;
      }
      case Affected.Cut cut ->
          Json.object().put("kind", "cut").put("depth", cut.depth()).put("reason", cut.sentence());
    };
  }

  private static String job(JobName job) {
    return job.toString();
  }
}
