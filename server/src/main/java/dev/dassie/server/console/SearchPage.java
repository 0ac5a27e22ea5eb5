package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.version.Commit;
import dev.dassie.version.ReadView;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds repos, pipelines, branches, tags, jobs and commits by a word, and what an address names.
public final class SearchPage {
  private static final int EACH = 20;

  private final Dassie dassie;
  private final Screen screen;

  SearchPage(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(screen.get("/search", this::show, "q"));
  }

  /// Where an address leads.
  ///
  /// @param text the address, whole
  public record Address(String text, String link) {}

  private void show(Exchange exchange) {
    String query = Screen.kept(exchange, "q").strip();
    Search.Found found =
        query.isEmpty()
            ? new Search.Found(List.of(), List.of(), List.of(), true)
            : dassie.versions().search(query, EACH);
    List<Pipeline> pipelines = new ArrayList<>();
    List<Repo> repos = new ArrayList<>();
    for (Repo repo : found.repos()) {
      Optional<Pipeline> pipeline =
          dassie.pipelines().find(repo.name().project(), repo.name().name());
      pipeline.ifPresentOrElse(pipelines::add, () -> repos.add(repo));
    }
    screen.show(
        exchange,
        "search",
        screen.frame(query.isEmpty() ? "Search" : "Search: " + query, "", false, "Search"),
        Map.of(
            "query", query,
            "address", address(query),
            "repos", repos,
            "pipelines", pipelines,
            "refs", found.refs(),
            "jobs", jobs(found.commits()),
            "commits", found.commits(),
            "whole", found.whole()));
  }

  private List<Job> jobs(List<Commit> commits) {
    List<Job> jobs = new ArrayList<>();
    for (Commit commit : commits) {
      RepoName repo = commit.name().repo();
      if (repo.type() == RepoName.Type.USER && !commit.provenance().isEmpty()) {
        dassie
            .jobs()
            .find(new JobName(repo.project(), repo.name(), commit.name().id()))
            .ifPresent(jobs::add);
      }
    }
    return jobs;
  }

  /// What `repo@place` or `repo@place:/path` names.
  private Optional<Address> address(String query) {
    if (!query.contains("@")) {
      return Optional.empty();
    }
    int colon = query.indexOf(':', query.indexOf('@'));
    String commit = colon < 0 ? query : query.substring(0, colon);
    try {
      FilePath path = colon < 0 ? FilePath.ROOT : FilePath.parse(query.substring(colon + 1));
      ReadView view = dassie.versions().read(RepoName.DEFAULT_PROJECT, commit);
      String place = commit.substring(commit.indexOf('@') + 1);
      RepoName repo = view.commit().name().repo();
      return view.reader().find(view.files(), path).isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Address(repo + "@" + place + ":" + path, Links.file(repo, place, path)));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt || e.fault() instanceof Fault.Unavailable) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
