package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FilePath;
import dev.dassie.lineage.reproduce.Reproduced;
import dev.dassie.lineage.reproduce.Reproductions;
import dev.dassie.version.Commit;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Computes a commit again and compares.
final class ReproduceResource {
  private final Versions versions;
  private final Reproductions reproductions;

  ReproduceResource(Versions versions, Reproductions reproductions) {
    this.versions = versions;
    this.reproductions = reproductions;
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                "/api/v1/projects/{project}/repos/{repo}/commits/{commit}/reproduce",
                "reproduce",
                "Runs again what made a commit, or what is at a path, and says per file whether it is identical.")
            .with(Route.PATH)
            .lines("Reproduced", this::reproduce));
  }

  private void reproduce(Exchange exchange) throws IOException, InterruptedException {
    FilePath path = Place.path(exchange);
    Commit commit = Shown.open(exchange, versions).view().commit();
    Lines lines = exchange.lines();
    try {
      reproductions.run(commit, path, one -> send(lines, one), () -> beat(lines));
    } catch (DassieException e) {
      lines.fail(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    lines.end();
  }

  /// Notices a client that went away, so that its code does not run on.
  private static void beat(Lines lines) {
    try {
      lines.beat();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(Lines lines, Reproduced one) {
    try {
      lines.send(json(one));
      lines.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode json(Reproduced one) {
    return switch (one) {
      case Reproduced.Surroundings surroundings -> {
        ObjectNode json = Json.object().put("kind", "environment");
        json.set("change", ReasonJson.change(surroundings.difference()));
        yield json;
      }
      case Reproduced.File file ->
          Json.object()
              .put("kind", "file")
              .put("path", file.path().toString())
              .put("datum", file.datum())
              .put("outcome", file.outcome().word())
              .put("first_difference", file.firstDifference().orElse(null))
              .put("size_before", file.before().orElse(null))
              .put("size_after", file.after().orElse(null));
      case Reproduced.Failed failed ->
          Json.object()
              .put("kind", "failed")
              .put("datum", failed.datum())
              .put("reason", failed.reason());
      case Reproduced.Summary summary ->
          Json.object()
              .put("kind", "summary")
              .put("same", summary.same())
              .put("datums", summary.datums())
              .put("identical", summary.identical())
              .put("different", summary.different())
              .put("failed", summary.failed());
    };
  }
}
