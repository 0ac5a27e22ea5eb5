package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.transaction.Step;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Steps of transactions as JSON: the fields of the call that does the same, with a `kind`. Steps
/// that make pipelines are read elsewhere.
final class StepJson {
  /// The kinds whose steps bring specs.
  static final String CREATE_PIPELINES = "create_pipelines";

  static final String UPDATE_PIPELINES = "update_pipelines";

  private static final List<String> KINDS =
      List.of(
          "create_project",
          "delete_project",
          "create_repo",
          "delete_repo",
          "create_branch",
          "delete_branch",
          "create_tag",
          "delete_tag",
          "start_commit",
          "finish_commit",
          "delete_commit",
          "squash_commit",
          "edit_metadata",
          CREATE_PIPELINES,
          UPDATE_PIPELINES);

  private StepJson() {}

  /// Reads a step; what it names is looked up within the change, behind the steps before it.
  static Function<Change, Step> read(Fields body) {
    String kind = body.required("kind");
    return switch (kind) {
      case "create_project" -> {
        body.only("kind", "project", "description");
        yield fixed(
            new Step.CreateProject(
                Names.check("project", body.required("project")), description(body)));
      }
      case "delete_project" -> {
        body.only("kind", "project");
        yield fixed(new Step.DeleteProject(Names.check("project", body.required("project"))));
      }
      case "create_repo" -> {
        body.only("kind", "project", "repo", "description");
        yield fixed(new Step.CreateRepo(ReposResource.users(repo(body)), description(body)));
      }
      case "delete_repo" -> {
        body.only("kind", "project", "repo");
        yield fixed(new Step.DeleteRepo(repo(body)));
      }
      case "create_branch", "delete_branch", "create_tag", "delete_tag" -> ref(kind, body);
      case "start_commit" -> {
        body.only("kind", "project", "repo", "branch");
        yield fixed(new Step.StartCommit(branch(body)));
      }
      case "finish_commit", "delete_commit", "squash_commit" -> commit(kind, body);
      case "edit_metadata" -> edit(body);
      default ->
          throw new Fault.Invalid(
                  "The field `kind`",
                  kind,
                  "one of `" + String.join("`, `", KINDS) + "`",
                  Nearest.hint(kind, KINDS))
              .asException();
    };
  }

  private static Function<Change, Step> fixed(Step step) {
    return change -> step;
  }

  private static Function<Change, Step> ref(String kind, Fields body) {
    if (kind.endsWith("_tag")) {
      return tag(kind, body);
    }
    if (kind.equals("delete_branch")) {
      body.only("kind", "project", "repo", "branch");
      return fixed(new Step.DeleteBranch(branch(body)));
    }
    if (body.has("keep")) {
      throw new Fault.Invalid(
              "The field `keep`",
              Json.compact(body.object("keep").object()),
              "none in a transaction: that is set at once")
          .asException();
    }
    body.only("kind", "project", "repo", "branch", "head", "provenance", "trigger");
    boolean triggered = body.has("trigger");
    Optional<Trigger> trigger = TriggerJson.read(body.object("trigger"));
    BranchName name = branch(body);
    Optional<String> head = body.text("head");
    List<BranchName> provenance = BranchesResource.provenance(body, name.repo().project());
    return change -> {
      Step.CreateBranch made =
          new Step.CreateBranch(
              name,
              head.map(address -> BranchesResource.commit(change, name.repo(), address)),
              provenance);
      return triggered ? new Step.TriggerBranch(made, trigger) : made;
    };
  }

  private static Function<Change, Step> tag(String kind, Fields body) {
    BranchName name = new BranchName(repo(body), Names.check("tag", body.required("tag")));
    if (kind.equals("delete_tag")) {
      body.only("kind", "project", "repo", "tag");
      return fixed(new Step.DeleteTag(name));
    }
    body.only("kind", "project", "repo", "tag", "head");
    String head = body.required("head");
    return change -> new Step.CreateTag(name, BranchesResource.commit(change, name.repo(), head));
  }

  private static Function<Change, Step> commit(String kind, Fields body) {
    RepoName repo = repo(body);
    String place = body.text("commit").orElse(BranchName.DEFAULT_BRANCH);
    if (kind.equals("finish_commit")) {
      body.only("kind", "project", "repo", "commit");
      return change -> new Step.FinishCommit(BranchesResource.commit(change, repo, place));
    }
    body.only("kind", "project", "repo", "commit", "recursive");
    boolean recursive = body.flag("recursive");
    return kind.equals("delete_commit")
        ? change -> new Step.DeleteCommit(BranchesResource.commit(change, repo, place), recursive)
        : change -> new Step.SquashCommit(BranchesResource.commit(change, repo, place), recursive);
  }

  /// Of the commit, branch, repo or project that is named, the narrowest.
  private static Function<Change, Step> edit(Fields body) {
    body.only("kind", "project", "repo", "branch", "commit", "set", "delete");
    MetadataEdit edit = new MetadataEdit(body.map("set"), Set.copyOf(body.texts("delete")));
    Optional<String> place = body.text("commit");
    if (place.isPresent()) {
      RepoName repo = repo(body);
      return change ->
          new Step.EditMetadata(
              new Step.Subject.OfCommit(BranchesResource.commit(change, repo, place.get())), edit);
    }
    Step.Subject subject =
        body.text("branch").isPresent()
            ? new Step.Subject.OfBranch(branch(body))
            : body.text("repo").isPresent()
                ? new Step.Subject.OfRepo(repo(body))
                : new Step.Subject.OfProject(Names.check("project", body.required("project")));
    return fixed(new Step.EditMetadata(subject, edit));
  }

  private static String description(Fields body) {
    return body.text("description").orElse("");
  }

  private static RepoName repo(Fields body) {
    return Place.repo(body.text("project").orElse(RepoName.DEFAULT_PROJECT), body.required("repo"));
  }

  private static BranchName branch(Fields body) {
    String name = body.text("branch").orElse(BranchName.DEFAULT_BRANCH);
    return new BranchName(repo(body), Names.check("branch", name));
  }

  /// The step with the commits that its addresses meant.
  static ObjectNode write(Step step) {
    return switch (step) {
      case Step.CreateProject it ->
          project("create_project", it.name()).put("description", it.description());
      case Step.DeleteProject it -> project("delete_project", it.name());
      case Step.CreateRepo it ->
          repo("create_repo", it.name()).put("description", it.description());
      case Step.DeleteRepo it -> repo("delete_repo", it.name());
      case Step.CreateBranch it -> branch(it);
      case Step.TriggerBranch it ->
          branch(it.branch()).set("trigger", TriggerJson.write(it.trigger()));
      case Step.DeleteBranch it -> branch("delete_branch", it.name());
      case Step.CreateTag it ->
          repo("create_tag", it.name().repo())
              .put("tag", it.name().branch())
              .put("head", it.commit().id().value());
      case Step.DeleteTag it -> repo("delete_tag", it.name().repo()).put("tag", it.name().branch());
      case Step.StartCommit it -> branch("start_commit", it.branch());
      case Step.FinishCommit it -> commit("finish_commit", it.commit());
      case Step.DeleteCommit it ->
          commit("delete_commit", it.commit()).put("recursive", it.recursive());
      case Step.SquashCommit it ->
          commit("squash_commit", it.commit()).put("recursive", it.recursive());
      case Step.EditMetadata it -> edit(it);
      case Step.SubmitPipelines it -> pipelines(it);
    };
  }

  private static ObjectNode kind(String kind) {
    return Json.object().put("kind", kind);
  }

  private static ObjectNode project(String kind, String name) {
    return kind(kind).put("project", name);
  }

  private static ObjectNode repo(String kind, RepoName repo) {
    return project(kind, repo.project()).put("repo", repo.local());
  }

  private static ObjectNode branch(String kind, BranchName branch) {
    return repo(kind, branch.repo()).put("branch", branch.branch());
  }

  private static ObjectNode branch(Step.CreateBranch step) {
    ObjectNode json = branch("create_branch", step.name());
    json.put("head", step.head().map(commit -> commit.id().value()).orElse(null));
    ArrayNode provenance = json.putArray("provenance");
    for (BranchName source : step.provenance()) {
      provenance.add(VersionJson.name(source.repo()).put("branch", source.branch()));
    }
    return json;
  }

  private static ObjectNode commit(String kind, CommitName commit) {
    return repo(kind, commit.repo()).put("commit", commit.id().value());
  }

  private static ObjectNode edit(Step.EditMetadata step) {
    String kind = "edit_metadata";
    ObjectNode json =
        switch (step.subject()) {
          case Step.Subject.OfProject it -> project(kind, it.name());
          case Step.Subject.OfRepo it -> repo(kind, it.name());
          case Step.Subject.OfBranch it -> branch(kind, it.name());
          case Step.Subject.OfCommit it -> commit(kind, it.name());
        };
    json.set("set", VersionJson.map(step.edit().set()));
    json.set("delete", JobJson.texts(step.edit().delete().stream().sorted().toList()));
    return json;
  }

  private static ObjectNode pipelines(Step.SubmitPipelines step) {
    List<String> names = new ArrayList<>();
    for (PipelineSpec spec : step.submission().specs()) {
      names.add(spec.repo().key());
    }
    ObjectNode json = kind(step.submission().update() ? UPDATE_PIPELINES : CREATE_PIPELINES);
    json.set("pipelines", JobJson.texts(names));
    return json;
  }

  /// An id from a path.
  static CommitId id(String text) {
    if (!Names.isCommitId(text)) {
      throw new Fault.Invalid("The transaction", text, "32 hex digits").asException();
    }
    return new CommitId(text);
  }
}
