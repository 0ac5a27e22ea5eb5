package dev.dassie.server.http;

import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.CommitName;
import dev.dassie.version.GatherRule;
import dev.dassie.version.KeepRule;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Ref;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.gather.Gathering;
import dev.dassie.version.trigger.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Branches.
final class BranchesResource {
  private static final String ALL = "/api/v1/projects/{project}/repos/{repo}/branches";
  private static final String ONE = ALL + "/{branch}";

  private final Versions versions;
  private final Gathering gathering;

  BranchesResource(Versions versions, Gathering gathering) {
    this.versions = versions;
    this.gathering = gathering;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_branches", "The branches of a repo, by name.")
            .list("Branch", this::list),
        Route.put(ONE, "put_branch", "Makes a branch, moves its head or changes what it reads.")
            .taking(Route.Body.json("NewBranch"))
            .json("Branch", this::put),
        Route.get(ONE, "get_branch", "One branch.")
            .json(
                "Branch",
                exchange -> exchange.reply(json(versions.branch(Place.branch(exchange))))),
        Route.delete(ONE, "delete_branch", "Deletes a branch; its commits stay.")
            .nothing(this::delete),
        Route.patch(ONE + "/metadata", "edit_branch_metadata", "Changes a branch's metadata.")
            .taking(Place.EDIT)
            .json("Branch", this::edit));
  }

  private void list(Exchange exchange) throws IOException {
    RepoName repo = versions.repo(Place.repo(exchange)).name();
    exchange.replyPages(
        (cursor, limit) -> versions.refs(repo, true, cursor, limit),
        ref -> ref instanceof Ref.Branch branch ? json(branch) : VersionJson.ref(ref));
  }

  /// The branch with its rule, if it has one.
  private ObjectNode json(Ref.Branch branch) {
    ObjectNode json = VersionJson.branch(branch);
    versions
        .rule(branch.name())
        .ifPresent(rule -> {
          ObjectNode keep = json.putObject("keep");
          rule.last().ifPresent(count -> keep.put("last", count));
          rule.age().ifPresent(time -> keep.put("seconds", time.toSeconds()));
        });
    versions
        .triggers()
        .waiting(branch.name())
        .ifPresent(waiting -> json.set("trigger", TriggerJson.of(waiting)));
    GatherJson.of(gathering, branch.name()).ifPresent(s3 -> json.set("s3", s3));
    return json;
  }

  /// More than a rule may say is left to the rule to refuse.
  private static Duration seconds(long number) {
    return Duration.ofSeconds(Math.min(number, KeepRule.MAX_AGE.toSeconds() + 1));
  }

  /// The rule that is set; an empty one where it is removed.
  private static Optional<KeepRule> rule(Fields keep) {
    Fields known = keep.only("last", "seconds");
    Optional<Integer> last =
        known.number("last").map(count -> Math.clamp(count, 0, Integer.MAX_VALUE));
    Optional<Duration> age = known.number("seconds").map(BranchesResource::seconds);
    return last.isEmpty() && age.isEmpty()
        ? Optional.empty()
        : Optional.of(new KeepRule(last, age));
  }

  private void put(Exchange exchange) throws IOException {
    BranchName name = Place.branch(exchange);
    Fields body = exchange.json().only("head", "provenance", "keep", "trigger", "s3");
    Optional<String> head = body.text("head");
    List<BranchName> provenance = provenance(body, name.repo().project());
    boolean ruled = body.has("keep");
    Optional<KeepRule> rule = rule(body.object("keep"));
    boolean triggered = body.has("trigger");
    Optional<Trigger> trigger = TriggerJson.read(body.object("trigger"));
    Optional<GatherRule> gather =
        body.has("s3")
            ? Optional.of(GatherJson.read(body.object("s3"), gathering.rule(name)))
            : Optional.empty();
    Ref.Branch branch =
        versions.change(
            exchange.call(),
            Reply.BRANCH,
            change -> {
              Ref.Branch made =
                  change.createBranch(
                      name,
                      head.map(address -> commit(change, name.repo(), address)),
                      provenance,
                      Optional.empty());
              if (triggered) {
                made = change.trigger(name, trigger);
              }
              gather.ifPresent(set -> gathering.set(change, name, set));
              return ruled ? change.keep(name, rule) : made;
            });
    exchange.reply(json(branch));
  }

  /// The branches of the field `provenance`, of a project unless they say another.
  static List<BranchName> provenance(Fields body, String project) {
    List<BranchName> provenance = new ArrayList<>();
    for (Fields source : body.objects("provenance").orElse(List.of())) {
      Fields known = source.only("project", "repo", "branch");
      provenance.add(
          new BranchName(
              Place.repo(known.text("project").orElse(project), known.required("repo")),
              known.text("branch").orElse(BranchName.DEFAULT_BRANCH)));
    }
    return provenance;
  }

  /// What an address names: `repo@place`, or a place in the repo at hand.
  static CommitName commit(Change change, RepoName repo, String address) {
    String whole = address.contains("@") ? address : repo.local() + "@" + address;
    return change.resolve(repo.project(), whole).name();
  }

  private void delete(Exchange exchange) {
    BranchName name = Place.branch(exchange);
    boolean _ =
        versions.change(
            exchange.call(),
            Reply.DONE,
            change -> {
              change.deleteBranch(name);
              return true;
            });
    exchange.replyNothing();
  }

  private void edit(Exchange exchange) throws IOException {
    BranchName name = Place.branch(exchange);
    MetadataEdit edit = Place.edit(exchange.json());
    exchange.reply(
        json(
            versions.change(
                exchange.call(), Reply.BRANCH, change -> change.editBranch(name, edit))));
  }
}
