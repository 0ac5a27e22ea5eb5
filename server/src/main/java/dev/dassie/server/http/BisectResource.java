package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.lineage.reason.Causes;
import dev.dassie.lineage.verdict.Verdict;
import dev.dassie.lineage.verdict.Verdicts;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a search for the first bad commit needs: the commits, what is known of them, and why two
/// differ.
final class BisectResource {
  private static final String COMMIT = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}";

  private final Versions versions;
  private final Verdicts verdicts;
  private final Causes causes;

  BisectResource(Versions versions, Verdicts verdicts, Causes causes) {
    this.versions = versions;
    this.verdicts = verdicts;
    this.causes = causes;
  }

  List<Route> routes() {
    String good = "The older commit of the same repo.";
    return List.of(
        Route.get(
                COMMIT + "/candidates",
                "list_candidates",
                "The finished commits after a good one up to this, oldest first, with what a command said of them.")
            .text("good", good)
            .text("command", "SHA-256 of the command, 64 hex digits.")
            .lines("Candidate", this::candidates),
        Route.put(
                COMMIT + "/verdicts/{command}",
                "put_verdict",
                "Remembers what a command said of a commit: 0 good, 125 skip, all else bad.")
            .taking(Route.Body.json("NewVerdict"))
            .json("Candidate", this::put),
        Route.get(
                COMMIT + "/causes",
                "list_causes",
                "Why a commit differs from an older one of its repo: files, code and parameters upstream.")
            .text("since", good)
            .lines("Cause", this::causes));
  }

  private void candidates(Exchange exchange) throws IOException {
    Commit bad = Place.commit(exchange, versions);
    Commit good = versions.resolve(bad.name().repo(), exchange.required("good"));
    List<Verdicts.Candidate> found =
        verdicts.between(good.name(), bad.name(), exchange.required("command"));
    exchange.replyLines(found.iterator(), BisectResource::candidate);
  }

  private void put(Exchange exchange) throws IOException {
    Commit commit = Place.commit(exchange, versions);
    long code =
        exchange
            .json()
            .only("exit_code")
            .number("exit_code")
            .orElseThrow(
                () -> new Fault.Invalid("The field `exit_code`", "", "0 to 255").asException());
    Verdict verdict =
        verdicts.put(
            exchange.call(),
            commit.name(),
            exchange.path("command"),
            Math.clamp(code, -1, Short.MAX_VALUE));
    exchange.reply(candidate(new Verdicts.Candidate(commit, java.util.Optional.of(verdict))));
  }

  private void causes(Exchange exchange) throws IOException {
    Commit after = Place.commit(exchange, versions);
    RepoName repo = after.name().repo();
    CommitName before = versions.resolve(repo, exchange.required("since")).name();
    exchange.replyLines(causes.between(before, after.name()).iterator(), BisectResource::cause);
  }

  private static ObjectNode candidate(Verdicts.Candidate candidate) {
    Commit commit = candidate.commit();
    return VersionJson.name(commit.name().repo())
        .put("commit", commit.name().id().value())
        .put("author", commit.author())
        .put("message", commit.message())
        .put("started", commit.started().toString())
        .put("verdict", candidate.verdict().map(one -> one.kind().word()).orElse(null))
        .put("exit_code", candidate.verdict().map(Verdict::exitCode).orElse(null));
  }

  private static ObjectNode cause(Causes.Cause cause) {
    Commit after = cause.after();
    ObjectNode json =
        VersionJson.name(after.name().repo())
            .put("depth", cause.depth())
            .put("commit", after.name().id().value())
            .put("before", cause.before().id().value())
            .put("author", after.author())
            .put("message", after.message())
            .put("started", after.started().toString());
    json.set("change", ReasonJson.change(cause.difference()));
    return json;
  }
}
