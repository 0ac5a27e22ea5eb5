package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Names;
import dev.dassie.version.Versions;
import dev.dassie.version.merge.Choices;
import dev.dassie.version.merge.MergeStep;
import dev.dassie.version.merge.Merges;
import dev.dassie.version.merge.Outcome;
import dev.dassie.version.merge.Plan;
import dev.dassie.version.merge.Side;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Merging into branches, and undoing commits.
final class MergeResource {
  private static final String REPO = "/api/v1/projects/{project}/repos/{repo}";
  private static final String BRANCH = REPO + "/branches/{branch}";
  private static final String COMMIT = REPO + "/commits/{commit}";

  private final Versions versions;
  private final Merges merges;
  private final VersionJson json;

  MergeResource(Versions versions, Merges merges) {
    this.versions = versions;
    this.merges = merges;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.post(BRANCH + "/merge", "merge_branch", "Merges a commit into a branch.")
            .taking(Route.Body.json("NewMerge"))
            .json("MergeOutcome", this::merge),
        Route.post(
                BRANCH + "/merge-plan",
                "plan_merge",
                "What a merge would take over, and its conflicts; changes nothing.")
            .taking(Route.Body.json("NewMerge"))
            .lines("MergeStep", this::planMerge),
        Route.post(COMMIT + "/revert", "revert_commit", "Undoes a commit with a new one.")
            .taking(Route.Body.json("NewRevert"))
            .json("MergeOutcome", this::revert),
        Route.post(
                COMMIT + "/revert-plan",
                "plan_revert",
                "What undoing a commit would change, and its conflicts; changes nothing.")
            .taking(Route.Body.json("NewRevert"))
            .lines("MergeStep", this::planRevert));
  }

  private void merge(Exchange exchange) throws IOException {
    BranchName into = Place.branch(exchange);
    Fields body = exchange.json().only("from", "prefer", "resolve");
    String from = body.required("from");
    Choices choices = choices(body);
    exchange.reply(outcome(merges.merge(exchange.call(), into, source(into, from), from, choices)));
  }

  private void planMerge(Exchange exchange) throws IOException {
    BranchName into = Place.branch(exchange);
    Fields body = exchange.json().only("from", "prefer", "resolve");
    Choices choices = choices(body);
    reply(exchange, merges.plan(into, source(into, body.required("from")), choices));
  }

  /// The commit to merge: of an output branch the newest that is finished.
  private CommitName source(BranchName into, String from) {
    return source(versions, into, from);
  }

  static CommitName source(Versions versions, BranchName into, String from) {
    return from.contains("@")
        ? versions.read(into.repo().project(), from).commit().name()
        : versions.read(into.repo(), from).commit().name();
  }

  private void revert(Exchange exchange) throws IOException {
    Fields body = exchange.json().only("branch", "prefer", "resolve");
    Commit undone = Place.commit(exchange, versions);
    exchange.reply(
        outcome(
            merges.revert(exchange.call(), branch(undone, body), undone.name(), choices(body))));
  }

  private void planRevert(Exchange exchange) throws IOException {
    Fields body = exchange.json().only("branch", "prefer", "resolve");
    Commit undone = Place.commit(exchange, versions);
    reply(exchange, merges.planRevert(branch(undone, body), undone.name(), choices(body)));
  }

  /// The branch that the commit was made on, unless another is said.
  private static BranchName branch(Commit undone, Fields body) {
    String name = body.text("branch").orElse(undone.branch());
    return new BranchName(undone.name().repo(), Names.check("branch", name));
  }

  static Choices choices(Fields body) {
    Map<FilePath, Side> paths = new HashMap<>();
    body.map("resolve").forEach((path, side) -> paths.put(FilePath.parse(path), Side.parse(side)));
    return new Choices(body.text("prefer").map(Side::parse), paths);
  }

  private void reply(Exchange exchange, Plan plan) throws IOException {
    exchange.header("Dassie-Outcome", plan.kind().toString());
    plan.base().ifPresent(base -> exchange.header("Dassie-Base", base.value()));
    exchange.replyLines(plan.steps(), MergeResource::step);
  }

  private ObjectNode outcome(Outcome outcome) {
    ObjectNode document =
        Json.object()
            .put("outcome", outcome.kind().toString())
            .put("base", outcome.base().map(CommitId::value).orElse(null));
    document.set("commit", json.commit(outcome.commit()));
    return document;
  }

  private static ObjectNode step(MergeStep step) {
    String change = "changed";
    if (step.result().isEmpty()) {
      change = "removed";
    } else if (step.ours().isEmpty()) {
      change = "added";
    }
    boolean kept = step.side().filter(side -> side != Side.OURS).isEmpty();
    ObjectNode document =
        Json.object()
            .put("path", step.path().toString())
            .put("change", kept ? "kept" : change)
            .put("conflict", step.conflict().map(MergeStep.Conflict::toString).orElse(null))
            .put("side", step.side().map(Side::toString).orElse(null));
    document.set("base", entry(step.base()));
    document.set("ours", entry(step.ours()));
    document.set("theirs", entry(step.theirs()));
    return document;
  }

  private static tools.jackson.databind.JsonNode entry(Optional<Entry> entry) {
    return entry
        .<tools.jackson.databind.JsonNode>map(FileJson::entry)
        .orElseGet(tools.jackson.databind.node.NullNode::getInstance);
  }
}
