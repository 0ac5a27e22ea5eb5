package dev.dassie.server.console;

import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.Page;
import dev.dassie.version.Project;
import dev.dassie.version.Ref;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All repos, and one repo with its branches, tags and commits.
final class RepoPages {
  private static final int REPOS = 50;
  private static final int REFS = 100;
  private static final int COMMITS = 50;

  private final Versions versions;
  private final Screen screen;

  RepoPages(Versions versions, Screen screen) {
    this.versions = versions;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/data", this::repos, "project", "after"),
        screen.get("/data/{project}/{repo}", this::repo, "at", "after"),
        screen.get("/data/{project}/{repo}/{commit}/commits", this::commits, "after"));
  }

  private void repos(Exchange exchange) {
    Optional<String> project = exchange.text("project");
    Page<Repo> page =
        versions.repos(
            project, Optional.of(RepoName.Type.USER), Screen.kept(exchange, "after"), REPOS);
    List<RepoRow> rows = page.items().stream().map(this::row).toList();
    List<String> projects =
        versions.projects("", REFS).items().stream().map(Project::name).toList();
    screen.show(
        exchange,
        "repos",
        screen.frame("Data", "data", true, "Data"),
        Map.of(
            "rows",
            rows,
            "projects",
            projects,
            "project",
            project.orElse(""),
            "next",
            page.next()));
  }

  private RepoRow row(Repo repo) {
    Page<Ref> refs = versions.refs(repo.name(), true, "", 4);
    List<String> names = refs.items().stream().map(ref -> ref.name().branch()).toList();
    Optional<String> shown = usual(names);
    Optional<Commit> head =
        shown.flatMap(name -> versions.newestFinished(new BranchName(repo.name(), name)));
    String link =
        head.isPresent() ? Links.place(repo.name(), shown.orElseThrow()) : Links.repo(repo.name());
    return new RepoRow(repo, link, names, refs.next().isPresent(), head);
  }

  private static Optional<String> usual(List<String> branches) {
    return branches.contains(BranchName.DEFAULT_BRANCH)
        ? Optional.of(BranchName.DEFAULT_BRANCH)
        : branches.stream().findFirst();
  }

  private void repo(Exchange exchange) {
    Repo repo = versions.repo(Place.repo(exchange));
    Optional<String> at = exchange.text("at").map(String::strip);
    if (at.isPresent()) {
      Commit _ = versions.resolve(repo.name(), at.get());
      exchange.redirect(Links.place(repo.name(), at.get()));
      return;
    }
    Page<Ref> refs = versions.refs(repo.name(), Screen.kept(exchange, "after"), REFS);
    List<Ref.Branch> branches =
        refs.items().stream()
            .filter(Ref.Branch.class::isInstance)
            .map(Ref.Branch.class::cast)
            .toList();
    List<Ref.Tag> tags =
        refs.items().stream().filter(Ref.Tag.class::isInstance).map(Ref.Tag.class::cast).toList();
    Page<Commit> commits = versions.commits(repo.name(), commit -> true, "", 10);
    screen.show(
        exchange,
        "repo",
        screen.frame(repo.name().toString(), "data", true, "Data", "/data", repo.name().toString()),
        Map.of(
            "repo", repo,
            "branches", branches,
            "tags", tags,
            "commits", commits.items(),
            "next", refs.next()));
  }

  private void commits(Exchange exchange) {
    RepoName repo = Place.repo(exchange);
    String place = exchange.path("commit");
    Commit from = Place.commit(exchange, versions);
    Page<Commit> commits =
        versions.history(from.name(), commit -> true, Screen.kept(exchange, "after"), COMMITS);
    screen.show(
        exchange,
        "commits",
        screen.frame(
            "Commits of " + repo,
            "data",
            true,
            "Data",
            "/data",
            repo.toString(),
            Links.repo(repo),
            place,
            Links.place(repo, place),
            "Commits"),
        Map.of(
            "at", At.of(versions, from, place),
            "commits", commits.items(),
            "next", commits.next()));
  }
}
