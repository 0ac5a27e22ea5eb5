package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Files;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Page;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Commits and commit sets.
final class CommitsResource {
  private static final String ALL = "/api/v1/projects/{project}/repos/{repo}/commits";
  private static final String ONE = ALL + "/{commit}";
  private static final String RECURSIVE = "Also the commits that pipelines made from it.";

  /// Seconds that a wait may last, and lasts unless told.
  static final int WAIT_MAX = 600;

  private final Versions versions;
  private final Files files;
  private final Waits waits;
  private final VersionJson json;

  CommitsResource(Versions versions, Files files, Waits waits) {
    this.versions = versions;
    this.files = files;
    this.waits = waits;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_commits", "The commits of a repo, newest first.")
            .text("branch", "Only the history of this branch, tag or commit.")
            .text("state", "Only `open`, `finished` or `failed` ones.")
            .list("Commit", this::list),
        Route.post(ALL, "start_commit", "Starts a commit on a branch.")
            .taking(Route.Body.json("NewCommit"))
            .created("Commit", this::start),
        Route.get(ONE, "get_commit", "One commit; a branch means its head, open or not.")
            .json(
                "Commit",
                exchange -> exchange.reply(json.commit(Place.commit(exchange, versions)))),
        Route.post(ONE + "/finish", "finish_commit", "Finishes an open commit.")
            .json("Commit", this::finish),
        Route.get(ONE + "/wait", "wait_commit", "Waits until a commit is open no more.")
            .number("timeout", "Seconds to wait at most, 0 to 600; 600 unless given.")
            .json("Commit", this::await),
        Route.patch(ONE + "/metadata", "edit_commit_metadata", "Changes a commit's metadata.")
            .taking(Place.EDIT)
            .json("Commit", this::edit),
        Route.delete(ONE, "delete_commit", "Deletes the newest commit of a branch with its data.")
            .flag("recursive", RECURSIVE)
            .nothing(exchange -> remove(exchange, Change::deleteCommit)),
        Route.post(
                ONE + "/squash", "squash_commit", "Takes a commit out; its data stays behind it.")
            .flag("recursive", RECURSIVE)
            .nothing(exchange -> remove(exchange, Change::squashCommit)),
        Route.get("/api/v1/commit-sets/{id}", "list_commit_set", "The commits of one change.")
            .list("Commit", this::set));
  }

  private void list(Exchange exchange) throws IOException {
    RepoName repo = versions.repo(Place.repo(exchange)).name();
    Predicate<Commit> wanted = wanted(exchange);
    Optional<String> branch = exchange.text("branch");
    if (branch.isEmpty()) {
      exchange.replyPages(
          (cursor, limit) -> versions.commits(repo, wanted, cursor, limit), json::commit);
    } else if (isWithoutHead(repo, branch.get())) {
      exchange.replyPages(
          (cursor, limit) -> new Page<Commit>(List.of(), Optional.empty()), json::commit);
    } else {
      CommitName from = versions.resolve(repo, branch.get()).name();
      exchange.replyPages(
          (cursor, limit) -> versions.history(from, wanted, cursor, limit), json::commit);
    }
  }

  private boolean isWithoutHead(RepoName repo, String branch) {
    return branch.matches("[A-Za-z0-9_-]{1,63}")
        && versions
            .findRef(new BranchName(repo, branch))
            .filter(ref -> ref.head().isEmpty())
            .isPresent();
  }

  private static Predicate<Commit> wanted(Exchange exchange) {
    Optional<String> state = exchange.text("state");
    if (state.isEmpty()) {
      return commit -> true;
    }
    if (!List.of("open", "finished", "failed").contains(state.get())) {
      throw new Fault.Invalid(
              "The query parameter `state`", state.get(), "`open`, `finished` or `failed`")
          .asException();
    }
    return commit -> VersionJson.state(commit).equals(state.get());
  }

  private void start(Exchange exchange) throws IOException {
    RepoName repo = Place.repo(exchange);
    String branch = exchange.json().only("branch").text("branch").orElse(BranchName.DEFAULT_BRANCH);
    BranchName name = new BranchName(repo, dev.dassie.version.Names.check("branch", branch));
    exchange.reply(
        json.commit(
            versions.change(exchange.call(), Reply.COMMIT, change -> change.startCommit(name))));
  }

  private void finish(Exchange exchange) {
    Optional<Commit> first = versions.remembered(exchange.call(), Reply.COMMIT);
    exchange.reply(
        json.commit(
            first.orElseGet(
                () -> files.finish(exchange.call(), Place.commitName(exchange, versions)))));
  }

  private void await(Exchange exchange) throws InterruptedException {
    Duration timeout = Duration.ofSeconds(exchange.number("timeout", 0, WAIT_MAX, WAIT_MAX));
    CommitName name = Place.commitName(exchange, versions);
    exchange.reply(json.commit(waits.during(() -> versions.wait(name, timeout))));
  }

  private void edit(Exchange exchange) throws IOException {
    MetadataEdit edit = Place.edit(exchange.json());
    RepoName repo = Place.repo(exchange);
    String place = exchange.path("commit");
    exchange.reply(
        json.commit(
            versions.change(
                exchange.call(),
                Reply.COMMIT,
                change -> change.editCommit(BranchesResource.commit(change, repo, place), edit))));
  }

  private interface Removing {
    void remove(Change change, CommitName name, boolean recursive);
  }

  private void remove(Exchange exchange, Removing work) {
    RepoName repo = Place.repo(exchange);
    String place = exchange.path("commit");
    boolean recursive = exchange.flag("recursive");
    boolean _ =
        versions.change(
            exchange.call(),
            Reply.DONE,
            change -> {
              work.remove(change, BranchesResource.commit(change, repo, place), recursive);
              return true;
            });
    exchange.replyNothing();
  }

  private void set(Exchange exchange) throws IOException {
    CommitId id = new CommitId(exchange.path("id"));
    List<Commit> commits = versions.set(id);
    if (commits.isEmpty()) {
      throw new Fault.NotFound("commit set", id.value(), Optional.empty()).asException();
    }
    exchange.replyAll(commits, commit -> commit.name().key(), json::commit);
  }
}
