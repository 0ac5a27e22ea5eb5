package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes the branches of an archive. One that is here moves forward to the archive's head, never
/// back or aside. What is computed is wired at the end, when all branches are there.
final class BranchImport {
  private final Change change;
  private final Snapshot snapshot;
  private final History history;
  private final List<Ref.Branch> derived = new ArrayList<>();
  private final Set<BranchName> changed = new HashSet<>();
  private final Set<BranchName> made = new HashSet<>();

  BranchImport(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
    this.history = new History(snapshot);
  }

  /// Branches that were made or moved.
  long count() {
    return changed.size();
  }

  void take(Ref.Branch theirs) {
    BranchName name = theirs.name();
    Names.check("branch", name.branch());
    Optional<CommitRow> head =
        theirs.head().map(id -> new CommitName(name.repo(), id)).map(this::need);
    Optional<Ref> there = snapshot.ref(name);
    if (there.isEmpty()) {
      make(theirs, head);
    } else if (!(there.get() instanceof Ref.Branch ours)) {
      throw taken(name);
    } else if (!forward(ours, head)) {
      return;
    }
    if (!theirs.provenance().isEmpty() || theirs.pipeline().isPresent()) {
      derived.add(theirs);
    }
  }

  /// Takes the rule of a branch that came with the archive; one that was here keeps as it did.
  void rule(BranchName name, KeepRule rule) {
    if (made.contains(name)) {
      Ref.Branch _ = change.keep(name, Optional.of(rule));
    }
  }

  /// The same of how writes through S3 become its commits.
  void rule(BranchName name, GatherRule rule) {
    if (made.contains(name)) {
      change.put(GatherRule.key(name), rule.encode());
      change.changed(snapshot.needBranch(name), "s3_commits", rule.mode().word());
    }
  }

  private void make(Ref.Branch theirs, Optional<CommitRow> head) {
    Ref.Branch empty =
        new Ref.Branch(
            theirs.name(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            theirs.author(),
            theirs.created(),
            Map.copyOf(theirs.metadata()));
    change.put(Tables.ref(empty.name()), Tables.encodeRef(empty));
    event(Event.BRANCH_CREATED, theirs);
    head.ifPresent(row -> change.refs().setHead(empty, row));
    changed.add(empty.name());
    made.add(empty.name());
  }

  /// Moves a branch that is here, and says whether the archive's head is the head now.
  private boolean forward(Ref.Branch ours, Optional<CommitRow> head) {
    if (head.isEmpty()) {
      return ours.head().isEmpty();
    }
    CommitRow theirs = head.get();
    Optional<CommitRow> old =
        ours.head().map(id -> snapshot.needCommit(new CommitName(ours.name().repo(), id)));
    if (old.filter(row -> history.contains(row, theirs)).isPresent()) {
      return old.filter(row -> row.name().equals(theirs.name())).isPresent();
    }
    if (old.isPresent() && !history.contains(theirs, old.get())) {
      throw taken(ours.name());
    }
    change.refs().setHead(ours, theirs);
    event(Event.BRANCH_MOVED, snapshot.needBranch(ours.name()));
    changed.add(ours.name());
    return true;
  }

  private void event(String kind, Ref.Branch branch) {
    long _ =
        change.append(Event.of(kind, branch.name(), branch.head(), change.call(), change.now()));
  }

  private CommitRow need(CommitName name) {
    return snapshot.commit(name).orElseThrow(() -> lacking(name));
  }

  /// Wires what is computed. Where that is made from other commits than the newest, it gets a
  /// commit to come, with all that is computed from it.
  ///
  /// @param pipelines the output repos of pipelines that are new, or newer by this import
  void done(Set<RepoName> pipelines) {
    Set<BranchName> suspects = new LinkedHashSet<>();
    for (Ref.Branch theirs : derived) {
      wire(theirs, pipelines);
      suspects.add(theirs.name());
    }
    change.moved().keySet().forEach(moved -> suspects.addAll(snapshot.subscribers(moved)));
    // Not everything behind a head that moved is out of date: most came with what it was made from.
    change.moved().clear();
    change.rewired().clear();
    suspects.stream().filter(this::isBehind).forEach(change.rewired()::add);
  }

  /// What is here already stays as it is wired, also a pipeline that was stopped.
  private void wire(Ref.Branch theirs, Set<RepoName> pipelines) {
    BranchName name = theirs.name();
    Ref.Branch ours = snapshot.needBranch(name);
    if (ours.isOutput() && !ours.pipeline().equals(theirs.pipeline())) {
      throw taken(name);
    }
    boolean newer = pipelines.contains(name.repo());
    if (!newer && (ours.isOutput() || !changed.contains(name))) {
      return;
    }
    if (theirs.pipeline().isPresent() && !newer) {
      throw RepoImport.damaged("it lacks the pipeline `" + theirs.pipeline().get() + "`");
    }
    if (!theirs.provenance().isEmpty()) {
      new Wiring(snapshot).check(name, theirs.provenance());
    }
    ours.provenance().forEach(source -> change.delete(Tables.subscriber(source, name)));
    theirs
        .provenance()
        .forEach(source -> change.put(Tables.subscriber(source, name), Tables.NOTHING));
    Ref.Branch wired =
        new Ref.Branch(
            name,
            ours.head(),
            theirs.provenance(),
            theirs.pipeline(),
            ours.author(),
            ours.created(),
            ours.metadata());
    change.put(Tables.ref(name), Tables.encodeRef(wired));
    event(Event.BRANCH_CHANGED, wired);
  }

  /// Whether the head is not what would be computed now.
  private boolean isBehind(BranchName name) {
    Ref.Branch branch = snapshot.needBranch(name);
    List<Commit.Source> sources = new ArrayList<>();
    for (BranchName source : branch.provenance()) {
      snapshot
          .head(source)
          .ifPresent(head -> sources.add(new Commit.Source(head, source.branch())));
    }
    Optional<CommitRow> head = branch.head().map(id -> need(new CommitName(name.repo(), id)));
    return !sources.isEmpty()
        && head.filter(row -> row.commit().provenance().equals(sources)).isEmpty();
  }

  static RuntimeException taken(BranchName name) {
    return new Fault.Conflict(
            "`%s` is here and is not what it is in the archive.".formatted(name),
            Optional.of(
                "Delete or move it, or import the repo under another name with `--as NAME`."))
        .asException();
  }

  static RuntimeException lacking(CommitName name) {
    return RepoImport.damaged("it lacks the commit `" + name + "`");
  }
}
