package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.Pace;
import dev.dassie.retention.Explanation;
import dev.dassie.retention.GcReport;
import dev.dassie.retention.Holder;
import dev.dassie.retention.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Garbage collection, and what holds bytes.
final class RetentionResource {
  private static final long MAX_GRACE = Duration.ofDays(3650).toSeconds();

  private final Retention retention;

  RetentionResource(Retention retention) {
    this.retention = retention;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/gc", "collect_garbage", "Gives back the space of what nothing holds.")
            .flag("dry_run", "Say what would go, and change nothing.")
            .number("grace", "Seconds for which deleted data is kept; 86,400 unless given.")
            .json("GcReport", this::collect),
        Route.get(
                "/api/v1/projects/{project}/repos/{repo}/holds",
                "explain_repo",
                "What holds the bytes of a repo.")
            .json(
                "Explanation",
                exchange -> exchange.reply(json(retention.explain(Place.repo(exchange))))));
  }

  private void collect(Exchange exchange) {
    Duration grace =
        Duration.ofSeconds(exchange.number("grace", 0, MAX_GRACE, Retention.GRACE.toSeconds()));
    exchange.reply(json(retention.gc(grace, exchange.flag("dry_run"), new Pace(Pace.UNBOUNDED))));
  }

  private static ObjectNode json(GcReport report) {
    ObjectNode document =
        Json.object()
            .put("dry_run", report.dryRun())
            .put("packs", report.packs())
            .put("live_bytes", report.live())
            .put("dead_bytes", report.dead())
            .put("freed_bytes", report.swept().freed())
            .put("packs_deleted", report.swept().deleted())
            .put("packs_rewritten", report.swept().rewritten())
            .put("left_bytes", report.swept().left())
            .put("duration_ms", report.took().toMillis());
    holders(document.putArray("held"), report.held());
    return document;
  }

  private static ObjectNode json(Explanation explanation) {
    ObjectNode document =
        Json.object()
            .put("repo", explanation.repo())
            .put("bytes", explanation.total())
            .put("only_bytes", explanation.only());
    holders(document.putArray("shared"), explanation.shared());
    return document;
  }

  private static void holders(ArrayNode items, Map<Holder, Long> held) {
    held.forEach((holder, bytes) -> {
      if (bytes > 0) {
        items
            .addObject()
            .put("kind", holder.kind().word())
            .put("name", holder.name())
            .put("bytes", bytes);
      }
    });
  }
}
