package dev.dassie.cli.keep;

import dev.dassie.api.Address;
import dev.dassie.api.Percent;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `gc`
public final class Gc implements Action {
  private static final Duration AT_MOST = Duration.ofDays(2);
  private static final List<Column> HOLDERS =
      List.of(
          Column.text("Held by", "kind"),
          Column.text("Name", "name"),
          Column.size("Bytes", "bytes"));

  private static final List<Column> WENT = judged("WENT");
  private static final List<Column> WOULD_GO = judged("WOULD GO");

  private static List<Column> judged(String goes) {
    return List.of(
        Column.text("REPO", "repo"),
        Column.text("BRANCH", "branch"),
        Column.text("COMMIT", "id"),
        Column.text(goes, "goes"),
        Column.text("WHY", "reason"));
  }

  @Mixin private final Scope scope = new Scope();

  @Mixin private final Shape shape = new Shape();

  @Option(names = "--dry-run", description = "Say what would go, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      description = "How long deleted data is kept (0s, 30m, 24h); 24h unless given.")
  private Optional<String> grace = Optional.empty();

  @Option(
      names = "--explain",
      paramLabel = "REPO",
      description = "Collect nothing; say what holds the bytes of this repo.")
  private Optional<String> explain = Optional.empty();

  @Option(
      names = "--rules",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "REPO@BRANCH",
      description =
          "Collect nothing; let go of commits by the rules of all branches, or of this one.")
  private Optional<String> rules = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (explain.isPresent()) {
      Request request = Request.get(scope.address(explain.get()).repoUrl() + "/holds");
      explained(session, session.api().json(request.within(AT_MOST)));
      return Exit.OK;
    }
    if (rules.isPresent()) {
      expire(session, rules.filter(branch -> !branch.isEmpty()));
      return Exit.OK;
    }
    Request request = Request.post("/gc").flag("dry_run", dryRun).within(AT_MOST);
    if (grace.isPresent()) {
      request = request.with("grace", Long.toString(Patience.parse(grace.get()).toSeconds()));
    }
    report(session, session.api().json(request));
    return Exit.OK;
  }

  private void expire(Session session, Optional<String> branch)
      throws IOException, InterruptedException {
    String place = branch.map(typed -> branch(scope.address(typed))).orElse("") + "/expire";
    Request request = Request.post(place).flag("dry_run", dryRun).within(AT_MOST);
    long _ = new Listing(session, shape).whole(request, dryRun ? WOULD_GO : WENT);
  }

  private static String branch(Address address) {
    return address.repoUrl() + "/branches/" + Percent.encode(address.commitOrDefault());
  }

  private void report(Session session, JsonNode report) throws IOException {
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(report, List.of());
      return;
    }
    session.print(
        "%s %s: %d packs %s deleted, %d rewritten."
            .formatted(
                dryRun ? "Would free" : "Freed",
                Cells.size(report, "freed_bytes"),
                report.path("packs_deleted").asLong(0),
                dryRun ? "would be" : "were",
                report.path("packs_rewritten").asLong(0)));
    session.print(
        "%s stay, %s of them in packs that are mostly needed."
            .formatted(
                Cells.size(
                    report.path("live_bytes").asLong(0) + report.path("left_bytes").asLong(0)),
                Cells.size(report, "left_bytes")));
    if (!report.path("held").isEmpty()) {
      session.print("");
      new Listing(session, shape).items(report.path("held"), HOLDERS);
    }
  }

  private void explained(Session session, JsonNode answer) throws IOException {
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(answer, List.of());
      return;
    }
    session.print(
        "%s reaches %s; %s would come back if it were deleted."
            .formatted(
                answer.path("repo").asString(""),
                Cells.size(answer, "bytes"),
                Cells.size(answer, "only_bytes")));
    if (!answer.path("shared").isEmpty()) {
      session.print("");
      new Listing(session, shape).items(answer.path("shared"), HOLDERS);
    }
  }
}
