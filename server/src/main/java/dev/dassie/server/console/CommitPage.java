package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One commit: who made it, from what, what it changed, and what was made from it.
final class CommitPage {
  private static final int CHANGES = 50;
  private static final int DERIVED = 50;

  private final Dassie dassie;
  private final Screen screen;

  CommitPage(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(screen.get("/data/{project}/{repo}/{commit}/commit", this::show));
  }

  private void show(Exchange exchange) {
    Commit commit = Place.commit(exchange, dassie.versions());
    RepoName repo = commit.name().repo();
    Optional<Commit> before = dassie.versions().nearestFinished(commit.name());
    Iterator<Difference> all = changes(commit, before);
    List<Difference> changes = new ArrayList<>();
    while (changes.size() < CHANGES && all.hasNext()) {
      changes.add(all.next());
    }
    Page<CommitName> derived = dassie.versions().derived(commit.name(), "", DERIVED);
    String id = commit.name().id().value();
    screen.show(
        exchange,
        "commit",
        screen.frame(
            repo + "@" + Say.brief(id),
            "data",
            commit.isOpen(),
            "Data",
            "/data",
            repo.toString(),
            Links.repo(repo),
            Say.brief(id),
            Links.place(repo, id),
            "Commit"),
        Map.of(
            "commit", commit,
            "at", At.of(dassie.versions(), commit, id),
            "before", before,
            "changes", changes,
            "more", all.hasNext(),
            "derived", derived.items(),
            "moreDerived", derived.next().isPresent(),
            "job", job(commit)));
  }

  private Iterator<Difference> changes(Commit commit, Optional<Commit> before) {
    return commit
        .finishedFiles()
        .map(files ->
            new Filesets(dassie.versions().chunks())
                .diff(
                    before.flatMap(Commit::finishedFiles).orElse(Filesets.EMPTY),
                    files,
                    FilePath.ROOT))
        .orElseGet(java.util.Collections::emptyIterator);
  }

  /// The job that made it, or is to.
  private Optional<Job> job(Commit commit) {
    RepoName repo = commit.name().repo();
    if (repo.type() != RepoName.Type.USER || commit.provenance().isEmpty()) {
      return Optional.empty();
    }
    try {
      return dassie.jobs().find(new JobName(repo.project(), repo.name(), commit.name().id()));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound || e.fault() instanceof Fault.Invalid) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
