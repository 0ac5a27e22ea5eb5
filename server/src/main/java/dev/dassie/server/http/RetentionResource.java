package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.Pace;
import dev.dassie.fault.DassieException;
import dev.dassie.retention.Explanation;
import dev.dassie.retention.GcReport;
import dev.dassie.retention.Holder;
import dev.dassie.retention.Retention;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.CommitName;
import dev.dassie.version.Expiry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Garbage collection, what holds bytes, and what the rules of branches let go.
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
        Route.post("/api/v1/expire", "expire", "Lets go of commits by the rules of branches.")
            .flag("dry_run", "Say what would go, and change nothing.")
            .lines("Expired", exchange -> expire(exchange, Optional.empty())),
        Route.post(
                "/api/v1/projects/{project}/repos/{repo}/branches/{branch}/expire",
                "expire_branch",
                "Lets go of commits by the rule of one branch.")
            .flag("dry_run", "Say what would go, and change nothing.")
            .lines("Expired", exchange -> expire(exchange, Optional.of(Place.branch(exchange)))),
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

  /// A line for each commit that a rule looks at, as it is judged.
  private void expire(Exchange exchange, Optional<BranchName> only) throws IOException {
    Optional<Call> call =
        exchange.flag("dry_run") ? Optional.empty() : Optional.of(exchange.call());
    Lines lines = exchange.lines();
    try {
      long _ =
          retention.expire(
              only,
              call,
              judged -> {
                try {
                  lines.send(json(judged));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (DassieException e) {
      lines.fail(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    lines.end();
  }

  private static ObjectNode json(Expiry.Judged judged) {
    CommitName name = judged.commit().name();
    return Json.object()
        .put("project", name.repo().project())
        .put("repo", name.repo().local())
        .put("branch", judged.commit().branch())
        .put("id", name.id().value())
        .put("goes", judged.goes())
        .put("reason", judged.reason());
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
