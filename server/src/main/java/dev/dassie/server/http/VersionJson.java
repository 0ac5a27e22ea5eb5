package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fileset.Fileset;
import dev.dassie.version.Ancestry;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Event;
import dev.dassie.version.Project;
import dev.dassie.version.Ref;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Projects, repos, branches, tags, commits and events as JSON.
final class VersionJson {
  /// Branches that a repo's document names; `/branches` has them all.
  private static final int BRANCHES_SHOWN = 1000;

  private final Versions versions;

  VersionJson(Versions versions) {
    this.versions = versions;
  }

  static ObjectNode project(Project project) {
    ObjectNode json =
        Json.object()
            .put("name", project.name())
            .put("description", project.description())
            .put("created", project.created().toString())
            .put("author", project.author());
    json.set("metadata", map(project.metadata()));
    return json;
  }

  /// The sums are those of `master`, or else of the only branch.
  ObjectNode repo(Repo repo) {
    RepoName name = repo.name();
    // A step of a transaction may make a repo that is not there yet.
    List<Ref> branches =
        versions.findRepo(name).isPresent()
            ? versions.refs(name, true, "", BRANCHES_SHOWN).items()
            : List.of();
    Optional<Fileset> files =
        branches.stream()
            .map(Ref::name)
            .filter(
                branch -> branches.size() == 1 || branch.branch().equals(BranchName.DEFAULT_BRANCH))
            .findFirst()
            .flatMap(versions::newestFinished)
            .flatMap(Commit::finishedFiles);
    ObjectNode json = Json.object().put("project", name.project()).put("name", name.local());
    json.put("type", name.type().name().toLowerCase(Locale.ROOT))
        .put("description", repo.description())
        .put("created", repo.created().toString())
        .put("author", repo.author())
        .put("size_bytes", files.map(Fileset::size).orElse(0L))
        .put("files", files.map(Fileset::files).orElse(0L));
    ArrayNode names = json.putArray("branches");
    branches.forEach(branch -> names.add(branch.name().branch()));
    json.set("metadata", map(repo.metadata()));
    return json;
  }

  static ObjectNode ref(Ref ref) {
    return switch (ref) {
      case Ref.Branch branch -> branch(branch);
      case Ref.Tag tag -> tag(tag);
    };
  }

  static ObjectNode branch(Ref.Branch branch) {
    ObjectNode json =
        name(branch.name().repo())
            .put("name", branch.name().branch())
            .put("head", branch.head().map(CommitId::value).orElse(null));
    ArrayNode provenance = json.putArray("provenance");
    for (BranchName source : branch.provenance()) {
      provenance.add(name(source.repo()).put("branch", source.branch()));
    }
    json.put("pipeline", branch.pipeline().orElse(null))
        .put("created", branch.created().toString())
        .put("author", branch.author())
        .set("metadata", map(branch.metadata()));
    return json;
  }

  static ObjectNode tag(Ref.Tag tag) {
    return name(tag.name().repo())
        .put("name", tag.name().branch())
        .put("head", tag.commit().value())
        .put("created", tag.created().toString())
        .put("author", tag.author());
  }

  ObjectNode commit(Commit commit) {
    CommitName name = commit.name();
    ObjectNode json =
        Json.object()
            .put("id", name.id().value())
            .put("project", name.repo().project())
            .put("repo", name.repo().local())
            .put("branch", commit.branch())
            .put("state", state(commit))
            .put("parent", commit.parent().map(CommitId::value).orElse(null));
    new Ancestry(versions).merged(name).ifPresent(other -> json.put("merged", other.value()));
    ArrayNode provenance = json.putArray("provenance");
    for (Commit.Source source : commit.provenance()) {
      provenance.add(
          name(source.commit().repo())
              .put("branch", source.branch())
              .put("id", source.commit().id().value()));
    }
    json.put("author", commit.author())
        .put("message", commit.message())
        .put("started", commit.started().toString());
    ends(json, commit);
    json.set("metadata", map(commit.metadata()));
    return json;
  }

  /// What depends on the state. An open commit of a user counts what it was acknowledged; an output
  /// that is open has no sums yet.
  private void ends(ObjectNode json, Commit commit) {
    switch (commit.state()) {
      case Commit.Finished finished ->
          sums(json.put("finished", finished.at().toString()), finished.files()).putNull("error");
      case Commit.Failed failed ->
          json.put("finished", failed.at().toString())
              .put("size_bytes", 0)
              .put("files", 0)
              .put("error", failed.reason());
      case Commit.Open open -> {
        json.putNull("finished");
        if (commit.provenance().isEmpty()) {
          sums(json, versions.find(commit.name()).map(this::acknowledged).orElse(open.base()));
        } else {
          json.putNull("size_bytes").putNull("files");
        }
        json.putNull("error");
      }
    }
  }

  private Fileset acknowledged(Commit commit) {
    return switch (commit.state()) {
      case Commit.Finished finished -> finished.files();
      case Commit.Failed _ -> dev.dassie.fileset.Filesets.EMPTY;
      case Commit.Open _ -> versions.read(commit.name()).files();
    };
  }

  private static ObjectNode sums(ObjectNode json, Fileset files) {
    return json.put("size_bytes", files.size()).put("files", files.files());
  }

  static String state(Commit commit) {
    return switch (commit.state()) {
      case Commit.Open _ -> "open";
      case Commit.Finished _ -> "finished";
      case Commit.Failed _ -> "failed";
    };
  }

  static ObjectNode event(Event.Positioned positioned) {
    Event event = positioned.event();
    ObjectNode json =
        Json.object()
            .put("position", positioned.position())
            .put("kind", event.kind())
            .put("project", event.project())
            .put("repo", event.repo().orElse(null))
            .put("branch", event.branch().orElse(null))
            .put("commit", event.commit().map(CommitId::value).orElse(null))
            .put("principal", event.principal())
            .put("at", event.at().toString());
    json.set("details", map(event.details()));
    return json;
  }

  /// `{project, repo}`, to be continued.
  static ObjectNode name(RepoName repo) {
    return Json.object().put("project", repo.project()).put("repo", repo.local());
  }

  static ObjectNode map(Map<String, String> pairs) {
    ObjectNode json = Json.object();
    new TreeMap<>(pairs).forEach(json::put);
    return json;
  }
}
