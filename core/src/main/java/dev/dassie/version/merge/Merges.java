package dev.dassie.version.merge;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Ancestry;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.Landing;
import dev.dassie.version.Ref;
import dev.dassie.version.Versions;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Merges commits into branches and undoes commits, three-way on paths (design S9). Costs as much
/// as what differs from the common ancestor. Thread-safe.
public final class Merges {
  private final Versions versions;
  private final Ancestry ancestry;
  private final Landing landing;

  public Merges(Versions versions) {
    this.versions = versions;
    this.ancestry = new Ancestry(versions);
    this.landing = new Landing(versions);
  }

  /// What [#merge] would do now.
  public Plan plan(BranchName into, CommitName from, Choices choices) {
    Ref.Branch branch = writable(into);
    Commit theirs = finished(from);
    refuseOtherRepo(into, from);
    if (branch.head().isEmpty()) {
      Plan.Sides sides = new Plan.Sides(Filesets.EMPTY, Filesets.EMPTY, files(theirs));
      return plan(
          Outcome.Kind.FAST_FORWARD, branch, Optional.empty(), Optional.empty(), sides, choices);
    }
    CommitName head = new CommitName(into.repo(), branch.head().get());
    Commit base = base(head, from);
    Fileset old = ancestry.finished(base.name()).map(Merges::files).orElse(Filesets.EMPTY);
    Plan.Sides sides = new Plan.Sides(old, ours(head), files(theirs));
    Outcome.Kind kind = Outcome.Kind.COMMITTED;
    if (base.name().equals(from)) {
      kind = Outcome.Kind.UP_TO_DATE;
    } else if (base.name().equals(head)) {
      kind = Outcome.Kind.FAST_FORWARD;
    }
    return plan(
        kind, branch, Optional.of(base.name().id()), Optional.of(from.id()), sides, choices);
  }

  /// Merges a finished commit into a branch that users write to: moves the branch where it has
  /// nothing of its own, else makes a commit that has both as parents. Refused: conflicts that no
  /// choice decides, histories that have no commit in common, an open head. `label` is what the
  /// commit was called.
  public Outcome merge(Call call, BranchName into, CommitName from, String label, Choices choices) {
    String what = "Merging `%s` into `%s`".formatted(label, into);
    Call said = saying(call, "merge %s into %s".formatted(label, into.branch()));
    return run(said, into, what, () -> plan(into, from, choices), from);
  }

  /// What [#merge] would do in a transaction, for one that is rehearsed: nothing where there is
  /// nothing to merge.
  ///
  /// @param session takes the files of the merge; it need not be published
  public Consumer<Change> rehearsal(
      ChunkStore.Session session, BranchName into, CommitName from, String label, Choices choices) {
    Plan plan = plan(into, from, choices);
    String what = "Merging `%s` into `%s`".formatted(label, into);
    return switch (plan.kind()) {
      case UP_TO_DATE -> change -> {};
      case FAST_FORWARD -> change -> change.moveHead(into, from);
      case COMMITTED -> {
        Fileset tree = Applied.tree(session, plan, versions.spillFolder(), what);
        yield change -> {
          Commit _ = change.putFinished(into, tree);
        };
      }
    };
  }

  /// What [#revert] would do now.
  public Plan planRevert(BranchName into, CommitName undone, Choices choices) {
    Ref.Branch branch = writable(into);
    Commit commit = finished(undone);
    refuseOtherRepo(into, undone);
    if (branch.head().isEmpty()) {
      throw new Fault.Conflict(
              "The branch `%s` has no commit to undo.".formatted(into), Optional.empty())
          .asException();
    }
    Fileset before = versions.nearestFinished(undone).map(Merges::files).orElse(Filesets.EMPTY);
    Fileset ours = ours(new CommitName(into.repo(), branch.head().get()));
    Plan.Sides sides = new Plan.Sides(files(commit), ours, before);
    return plan(
        Outcome.Kind.COMMITTED, branch, Optional.of(undone.id()), Optional.empty(), sides, choices);
  }

  /// Makes a commit on a branch that undoes what a finished commit changed; what changed since at
  /// the same paths is a conflict. Nothing is made where nothing is left to undo.
  public Outcome revert(Call call, BranchName into, CommitName undone, Choices choices) {
    Commit commit = finished(undone);
    String title = commit.message().isEmpty() ? undone.id().value() : commit.message();
    String what = "Undoing `%s` on `%s`".formatted(undone, into);
    Call said = saying(call, "revert \"%s\"".formatted(title));
    return run(said, into, what, () -> planRevert(into, undone, choices), undone);
  }

  private Outcome run(
      Call call, BranchName into, String what, Supplier<Plan> plans, CommitName named) {
    Optional<Outcome> first = versions.remembered(call, Outcome.REPLY);
    return first.orElseGet(
        () -> landing.retrying(into, () -> attempt(call, what, plans.get(), named)));
  }

  private Optional<Outcome> attempt(Call call, String what, Plan plan, CommitName named) {
    return switch (plan.kind()) {
      case UP_TO_DATE ->
          landing.change(
              call,
              plan.place(),
              Outcome.REPLY,
              (change, place) -> outcome(plan, change.commit(head(place)).orElseThrow()));
      case FAST_FORWARD ->
          landing.change(
              call,
              plan.place(),
              Outcome.REPLY,
              (change, place) -> {
                change.moveHead(place.branch(), named);
                return outcome(plan, change.commit(named).orElseThrow());
              });
      case COMMITTED -> commit(call, what, plan);
    };
  }

  private static CommitName head(Landing.Place place) {
    return new CommitName(place.branch().repo(), place.head().orElseThrow());
  }

  private static Outcome outcome(Plan plan, Commit commit) {
    return new Outcome(plan.kind(), commit, plan.base());
  }

  private Optional<Outcome> commit(Call call, String what, Plan plan) {
    try (ChunkStore.Session session = versions.chunks().session()) {
      Fileset tree = Applied.tree(session, plan, versions.spillFolder(), what);
      Landing.Place place = plan.place();
      if (place.merged().isEmpty() && tree.equals(plan.sides().ours())) {
        Commit head = versions.inspect(head(place));
        return Optional.of(new Outcome(Outcome.Kind.UP_TO_DATE, head, plan.base()));
      }
      return landing.land(call, place, tree, session, Outcome.REPLY, made -> outcome(plan, made));
    }
  }

  private Plan plan(
      Outcome.Kind kind,
      Ref.Branch branch,
      Optional<CommitId> base,
      Optional<CommitId> merged,
      Plan.Sides sides,
      Choices choices) {
    Landing.Place place = new Landing.Place(branch.name(), branch.head(), merged);
    Filesets reader = new Filesets(versions.chunks());
    return new Plan(
        kind,
        base,
        place,
        sides,
        kind == Outcome.Kind.UP_TO_DATE
            ? Collections.emptyIterator()
            : new ThreeWay(reader, sides.base(), sides.ours(), sides.theirs(), choices));
  }

  private Commit base(CommitName head, CommitName from) {
    return ancestry
        .common(head, from)
        .orElseThrow(() ->
            new Fault.Conflict(
                    "`%s` and `%s` have no commit in common any more, so nothing says what either changed."
                        .formatted(head, from),
                    Optional.of("Bring the files over with `dassie copy file`."))
                .asException());
  }

  private Ref.Branch writable(BranchName name) {
    Ref.Branch branch = versions.branch(name);
    landing.refuseUnwritable(name);
    return branch;
  }

  private Fileset ours(CommitName head) {
    return ancestry.finished(head).map(Merges::files).orElse(Filesets.EMPTY);
  }

  private static Fileset files(Commit commit) {
    return commit.finishedFiles().orElse(Filesets.EMPTY);
  }

  private Commit finished(CommitName name) {
    Commit commit = versions.inspect(name);
    if (!(commit.state() instanceof Commit.Finished)) {
      throw new Fault.Conflict(
              "The commit `%s` is %s; expected a finished one."
                  .formatted(name, commit.isOpen() ? "open" : "failed"),
              commit.isOpen() ? Optional.of("Finish it first.") : Optional.empty())
          .asException();
    }
    return commit;
  }

  private static void refuseOtherRepo(BranchName into, CommitName from) {
    if (!into.repo().equals(from.repo())) {
      throw new Fault.Invalid(
              "The commit", from.toString(), "one of the repo `%s`".formatted(into.repo()))
          .asException();
    }
  }

  private static Call saying(Call call, String message) {
    return call.message().isEmpty()
        ? new Call(call.principal(), message, call.idempotencyKey())
        : call;
  }
}
